import { Group, List, Paper, Select, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { PolicyEvaluationFinding, PolicyEvaluationResult } from '#contract/image-check.ts';
import { plural, shortDigest } from '../../format/words.ts';
import { VerdictBadge } from '../../severity/verdict-badge.tsx';
import { Ago } from '../../states/ago.tsx';
import { Nothing } from '../../states/nothing.tsx';
import { Notice } from '../../states/notice.tsx';
import { DataTable } from '../../table/data-table.tsx';
import { checkColumns } from './check-columns.tsx';
import { GateHeading } from './gate-heading.tsx';

const RANK = { stop: 0, warn: 1, go: 2 } as const;

/** Verdict with its reason, then the findings gate by gate. */
export function EvaluationView({ evaluation, digest }: { evaluation: PolicyEvaluationResult; digest: string }) {
  const [action, setAction] = useState<string | null>(null);
  const all = useMemo(() => sortByGate(evaluation.details?.findings ?? []), [evaluation]);
  const rows = useMemo(() => (action ? all.filter((finding) => matches(finding, action)) : all), [all, action]);
  const group = useMemo(
    () => ({
      of: (finding: PolicyEvaluationFinding) => finding.gate,
      heading: (name: string, found: readonly PolicyEvaluationFinding[]) => (
        <GateHeading gate={name} findings={found} />
      ),
    }),
    [],
  );
  return (
    <>
      <Verdict evaluation={evaluation} />
      {evaluation.evaluation_problems.length ? (
        <Notice
          kind="warning"
          icon={<IconAlertTriangle aria-hidden />}
          title={`The evaluation met ${plural(evaluation.evaluation_problems.length, 'problem')}`}
        >
          <List size="sm">
            {evaluation.evaluation_problems.map((problem) => (
              <List.Item key={`${problem.problem_type} ${problem.details}`}>{problem.details}</List.Item>
            ))}
          </List>
        </Notice>
      ) : null}
      <DataTable
        label="Findings"
        columns={checkColumns}
        rows={rows}
        total={all.length}
        rowKey={(finding) => `${finding.rule_id} ${finding.trigger_id} ${finding.message}`}
        search="Search findings"
        filters={
          <Select
            aria-label="Action"
            placeholder="Any action"
            clearable
            w={170}
            data={[
              { value: 'stop', label: 'Stop' },
              { value: 'warn', label: 'Warn' },
              { value: 'go', label: 'Go' },
              { value: 'allowlisted', label: 'Allowlisted' },
            ]}
            value={action}
            onChange={setAction}
          />
        }
        group={group}
        csv={`policy-check-${shortDigest(digest)}`}
        maxHeight="max(26rem, calc(100dvh - 24rem))"
        empty={<Nothing title="No findings">No rule of the policy found anything.</Nothing>}
      />
    </>
  );
}

function matches(finding: PolicyEvaluationFinding, action: string): boolean {
  return action === 'allowlisted' ? finding.allowlisted : finding.action === action && !finding.allowlisted;
}

/** Gates with the worst finding first; inside a gate the worst first, allowed ones last. */
function sortByGate(findings: PolicyEvaluationFinding[]): PolicyEvaluationFinding[] {
  const rank = (finding: PolicyEvaluationFinding) => RANK[finding.action] + (finding.allowlisted ? 3 : 0);
  const gates = new Map<string, number>();
  for (const finding of findings) gates.set(finding.gate, Math.min(gates.get(finding.gate) ?? 9, rank(finding)));
  return findings.toSorted(
    (a, b) =>
      gates.get(a.gate)! - gates.get(b.gate)! ||
      a.gate.localeCompare(b.gate) ||
      rank(a) - rank(b) ||
      a.trigger.localeCompare(b.trigger),
  );
}

function Verdict({ evaluation }: { evaluation: PolicyEvaluationResult }) {
  const { number_of_findings: count } = evaluation;
  return (
    <Paper p="md">
      <Group gap="lg">
        <VerdictBadge outcome={evaluation.final_action} large />
        <Stack gap={2}>
          <Text size="sm">{reason(evaluation)}</Text>
          <Text size="sm" c="dimmed">
            {plural(count, 'finding')} · evaluated <Ago time={evaluation.evaluation_time} />
            {evaluation.matched_mapping_rule ? ` · mapping ${evaluation.matched_mapping_rule.name}` : ''}
          </Text>
        </Stack>
      </Group>
    </Paper>
  );
}

function reason(evaluation: PolicyEvaluationResult): ReactNode {
  const { final_action_reason: why, final_action: action } = evaluation;
  if (why === 'denylisted') {
    return `The image is on the list of denied images: ${evaluation.matched_denylisted_images_rule?.name ?? 'unnamed rule'}.`;
  }
  if (why === 'allowlisted') {
    return `The image is on the list of allowed images: ${evaluation.matched_allowlisted_images_rule?.name ?? 'unnamed rule'}.`;
  }
  if (!evaluation.image_mapped_to_rule) return 'No mapping of the policy is for this registry, repository and tag.';
  if (action === 'stop') return 'At least one rule with the action stop found something.';
  return action === 'warn'
    ? 'Rules with the action warn found something; none with stop did.'
    : 'No rule asks to stop or to warn.';
}
