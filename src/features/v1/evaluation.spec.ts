import { describe, expect, it } from 'vitest';
import type { PolicyEvaluation, PolicyEvaluationResult } from '#contract/image-check.ts';
import { DEFAULT_POLICY } from '#engine/policy/index.ts';
import { v1Evaluations } from './evaluation.ts';

const mapping = {
  id: 'm',
  name: 'M',
  registry: '*',
  repository: '*',
  image: { type: 'tag' as const, value: '*' },
  rule_set_ids: ['r'],
  allowlist_ids: [],
};
const denied = { id: 'd', name: 'D', registry: '*', repository: '*', image: { type: 'tag' as const, value: 'x' } };

const result: PolicyEvaluationResult = {
  evaluation_time: '2026-01-02T03:04:05.678Z',
  evaluation_problems: [{ severity: 'warn', problem_type: 'deprecated_gate', details: 'old' }],
  status: 'fail',
  final_action: 'stop',
  final_action_reason: 'denylisted',
  image_allowlisted: false,
  matched_allowlisted_images_rule: null,
  image_denylisted: true,
  matched_denylisted_images_rule: denied,
  image_mapped_to_rule: true,
  matched_mapping_rule: mapping,
  number_of_findings: 1,
  comparison_image_digest: null,
  details: {
    policy: DEFAULT_POLICY as never,
    policy_action: 'warn',
    findings: [
      {
        trigger_id: 't',
        gate: 'g',
        trigger: 'u',
        message: 'm',
        action: 'warn',
        policy_id: 'r',
        recommendation: '',
        rule_id: '1',
        allowlisted: false,
        allowlist_match: null,
        inherited_from_base: null,
      },
    ],
    remediations: null,
  },
};
const evaluation: PolicyEvaluation = {
  policy_id: 'p',
  image_digest: 'sha256:d',
  evaluated_tag: 'r/x:1',
  evaluations: [result],
};
const subject = { account: 'team', imageId: 'id' };

describe('v1Evaluations', () => {
  it('nests by digest and tag, in the words of the first generation', () => {
    expect(v1Evaluations(evaluation, subject)).toMatchObject([
      {
        'sha256:d': {
          'r/x:1': [
            {
              policyId: 'p',
              status: 'fail',
              last_evaluation: '2026-01-02T03:04:05.678Z',
              detail: {
                policy: { version: '1_0' },
                result: {
                  image_id: 'id',
                  user_id: 'team',
                  tag: 'r/x:1',
                  final_action: 'stop',
                  final_action_reason: 'blacklisted',
                  matched_mapping_rule: { id: 'm', policy_ids: ['r'], whitelist_ids: [] },
                  matched_blacklisted_images_rule: denied,
                  matched_whitelisted_images_rule: false,
                  created_at: 1767323045,
                  evaluation_problems: result.evaluation_problems,
                  result: {
                    id: {
                      result: {
                        final_action: 'warn',
                        row_count: 1,
                        rows: [['id', 'r/x:1', 't', 'g', 'u', 'm', 'warn', false, 'r']],
                      },
                    },
                  },
                },
              },
            },
          ],
        },
      },
    ]);
  });

  it('leaves the detail empty when none was asked for', () => {
    const [{ 'sha256:d': byTag }] = v1Evaluations(
      { ...evaluation, evaluations: [{ ...result, details: null }] },
      subject,
    ) as [Record<string, Record<string, { detail: object }[]>>];
    expect(byTag!['r/x:1']![0]!.detail).toEqual({});
  });

  it('says that no mapping matched', () => {
    const none = { ...result, matched_mapping_rule: null, image_mapped_to_rule: false };
    expect(JSON.stringify(v1Evaluations({ ...evaluation, evaluations: [none] }, subject))).toContain(
      '"matched_mapping_rule":false',
    );
  });
});
