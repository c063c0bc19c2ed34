import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile.ts';
import type { PolicyRule } from './document.ts';
import { evaluate, evaluateBroken, markInherited } from './evaluate.ts';
import { toEvaluationResult } from './result.ts';
import { factsOf, NOW, packageOf, policyOf, ruleOf, TARGET, vulnerabilityOf } from './testing/facts.ts';
import { judge } from './testing/judge.ts';

const entry = { id: 'e', name: 'e', registry: '*', repository: '*', image: { type: 'tag', value: '*' } } as const;

describe('precedence of image lists and rules', () => {
  it.each([
    [true, true, 'GO', 'stop', 'denylisted', 'go'],
    [true, false, 'WARN', 'stop', 'denylisted', 'warn'],
    [true, true, 'STOP', 'stop', 'denylisted', 'stop'],
    [false, true, 'STOP', 'go', 'allowlisted', 'stop'],
    [false, true, 'GO', 'go', 'allowlisted', 'go'],
    [false, false, 'STOP', 'stop', 'policy_evaluation', 'stop'],
    [false, false, 'WARN', 'warn', 'policy_evaluation', 'warn'],
    [false, false, 'GO', 'go', 'policy_evaluation', 'go'],
    [false, false, undefined, 'go', 'policy_evaluation', 'go'],
  ] as const)('denylisted %s, allowlisted %s, rule %s: %s', (denied, allowed, action, final, reason, policyAction) => {
    const document = policyOf(action ? [ruleOf('always', 'always', action)] : [], {
      ...(denied ? { denylisted_images: [entry] } : {}),
      ...(allowed ? { allowlisted_images: [entry] } : {}),
    });
    const result = toEvaluationResult(judge(document), document);
    expect(result).toMatchObject({
      final_action: final,
      final_action_reason: reason,
      status: final === 'stop' ? 'fail' : 'pass',
      image_allowlisted: allowed,
      image_denylisted: denied,
      number_of_findings: action ? 1 : 0,
      details: { policy_action: policyAction },
    });
    expect(Object.keys(result)).toHaveLength(14);
  });

  it('image lists apply without any mapping', () => {
    const denied = policyOf([], { mappings: [], denylisted_images: [entry] });
    expect(judge(denied)).toMatchObject({ finalAction: 'stop', finalActionReason: 'denylisted' });
  });

  it('a policy that cannot be built stops', () => {
    const { policy, problems } = compilePolicy(policyOf([ruleOf('nonsense', 'x', 'GO')]), { eol: 'tolerate' });
    expect(policy).toBeUndefined();
    expect(evaluateBroken(problems, NOW)).toMatchObject({
      finalAction: 'stop',
      status: 'fail',
      finalActionReason: 'policy_evaluation',
    });
  });
});

describe('mapping', () => {
  it('no match is go with a problem, or what the account chose', () => {
    const document = policyOf([ruleOf('always', 'always', 'STOP')], { mappings: [] });
    expect(judge(document)).toMatchObject({
      finalAction: 'go',
      status: 'pass',
      findings: [],
      problems: [{ problem_type: 'no_mapping' }],
    });
    expect(judge(document, factsOf(), { unmappedAction: 'stop' }).status).toBe('fail');
  });

  it('rule sets of another artifact type do not run and say so', () => {
    const document = policyOf([ruleOf('always', 'always', 'STOP')]);
    document.rule_sets[0]!.artifact_type = 'source';
    expect(judge(document)).toMatchObject({
      finalAction: 'go',
      problems: [{ problem_type: 'artifact_type_mismatch' }],
    });
  });

  it('sources use source mappings', () => {
    const document = policyOf([ruleOf('always', 'always', 'STOP')], {
      source_mappings: [
        { id: 's', name: 's', host: 'github.com', repository: 'org/*', rule_set_ids: ['rules'], allowlist_ids: [] },
      ],
    });
    document.rule_sets[0]!.artifact_type = 'source';
    const target = { ...TARGET, source: { host: 'github.com', repository: 'org/app' } };
    expect(judge(document, factsOf(), { target })).toMatchObject({ finalAction: 'stop', mapping: { id: 's' } });
  });
});

describe('rules', () => {
  const twice: PolicyRule[] = [ruleOf('always', 'always', 'GO', {}, 'a'), ruleOf('always', 'always', 'STOP', {}, 'b')];

  it('identical rules with different actions both report', () => {
    expect(judge(policyOf(twice)).findings.map((finding) => [finding.ruleId, finding.action])).toEqual([
      ['a', 'go'],
      ['b', 'stop'],
    ]);
  });

  it('a rule that throws is a problem of its own and stops unless the account chose otherwise', () => {
    // Without version comparators the rule cannot be evaluated.
    const rules = [
      ruleOf('packages', 'required_package', 'WARN', { name: 'a', version: '1', version_match_type: 'minimum' }),
      ruleOf('always', 'always', 'WARN'),
    ];
    const { policy } = compilePolicy(policyOf(rules), { eol: 'refuse' });
    const facts = factsOf({ packages: { state: 'present', value: [packageOf('deb', 'a', '1')] } });
    const result = evaluate(policy!, TARGET, facts, NOW);
    expect(result).toMatchObject({
      finalAction: 'stop',
      status: 'fail',
      problems: [{ severity: 'error', problem_type: 'rule_failed' }],
    });
    expect(result.findings.map((finding) => finding.gate)).toEqual(['always']);
    expect(evaluate(policy!, TARGET, facts, NOW, { errorAction: 'go' }).finalAction).toBe('warn');
  });

  it('retired gates are skipped with an error problem that does not stop', () => {
    const { policy } = compilePolicy(
      policyOf([ruleOf('anchoresec', 'vulnhigh', 'STOP'), ruleOf('always', 'always', 'WARN')]),
      { eol: 'tolerate' },
    );
    expect(evaluate(policy!, TARGET, factsOf(), NOW)).toMatchObject({
      finalAction: 'warn',
      problems: [{ severity: 'error', problem_type: 'eol_gate' }],
    });
  });

  it.each([
    ['secret_scans', 'content_regex_checks', { secrets: { state: 'not-collected' } }, 'warn', 'go'],
    ['secret_scans', 'content_regex_checks', { secrets: { state: 'failed', reason: 'x' } }, 'error', 'stop'],
    ['vulnerabilities', 'kev_list', { vulnerabilities: { state: 'not-collected' } }, 'error', 'stop'],
    ['malware', 'scans', {}, 'warn', 'go'],
    ['stig', 'no_stig_evaluations_available', {}, 'warn', 'go'],
    ['tag_drift', 'packages_added', {}, 'warn', 'go'],
    ['npms', 'unknown_in_feeds', {}, 'warn', 'go'],
  ] as const)('%s.%s without facts is a problem, not a silent pass', (gate, trigger, changes, severity, action) => {
    const result = judge(policyOf([ruleOf(gate, trigger, 'STOP')]), factsOf(changes));
    expect(result.findings).toEqual([]);
    expect(
      result.problems.some(
        (problem) => problem.severity === severity && /collected|could not be read/.test(problem.details),
      ),
    ).toBe(true);
    expect(result.finalAction).toBe(action);
  });

  it('a pattern that never ends fails its rule only', () => {
    const facts = factsOf({
      files: {
        state: 'present',
        value: [{ path: `/${'a'.repeat(60)}!`, type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, layer: 0 }],
      },
    });
    const result = judge(
      policyOf([ruleOf('files', 'name_match', 'WARN', { regex: '/(a+)+$' }), ruleOf('always', 'always', 'GO')]),
      facts,
    );
    expect(result.problems).toMatchObject([{ severity: 'error', problem_type: 'rule_failed' }]);
    expect(result.findings.map((finding) => finding.gate)).toEqual(['always']);
  });
});

describe('base image comparison', () => {
  it('of an image with itself marks everything inherited', () => {
    const fact = vulnerabilityOf('CVE-1', packageOf('deb', 'a', '1'));
    const result = judge(
      policyOf([ruleOf('vulnerabilities', 'package', 'STOP', { package_type: 'all' })]),
      factsOf({ vulnerabilities: { state: 'present', value: [fact] } }),
    );
    expect(markInherited(result, result).findings.map((finding) => finding.inheritedFromBase)).toEqual([true]);
    expect(
      markInherited(result, { ...result, findings: [] }).findings.map((finding) => finding.inheritedFromBase),
    ).toEqual([false]);
  });
});
