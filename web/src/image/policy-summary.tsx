import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { imageCheckOperations, type PolicyEvaluationFinding } from '#contract/image-check.ts';
import type { ImageOverview } from '#contract/windlass.ts';
import { useOperation } from '../api/operation-query.ts';
import { VerdictBadge } from '../severity/verdict-badge.tsx';
import { Ago } from '../states/ago.tsx';
import { Failure } from '../states/failure.tsx';
import { GateHeading } from './check/gate-heading.tsx';

/** Verdict of the active policy, and which gates found how much. */
export function PolicySummary({ row }: { row: ImageOverview }) {
  const [tag] = row.full_tags;
  const check = useOperation(
    imageCheckOperations.get_image_policy_check_by_digest,
    { params: { image_digest: row.image_digest }, query: { tag: tag ?? '', detail: true } },
    { enabled: tag !== undefined },
  );
  const evaluation = check.data?.evaluations?.[0];
  const outcome = evaluation?.final_action ?? row.final_action;
  const gates = new Map<string, PolicyEvaluationFinding[]>();
  for (const finding of evaluation?.details?.findings ?? []) {
    gates.set(finding.gate, [...(gates.get(finding.gate) ?? []), finding]);
  }
  return (
    <Paper p="md">
      <Group justify="space-between" mb="md">
        <Title order={2}>Policy</Title>
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link to="/images/$digest/policy-check" params={{ digest: row.image_digest }} {...props} />
          )}
        >
          Findings
        </Anchor>
      </Group>
      {check.error ? <Failure error={check.error} retry={() => void check.refetch()} /> : null}
      {outcome ? (
        <Stack gap="md">
          <Group gap="md">
            <VerdictBadge outcome={outcome} large />
            <Text size="sm" c="dimmed">
              {evaluation?.details?.policy.name ?? 'Active policy'},{' '}
              <Ago time={evaluation?.evaluation_time ?? row.evaluated_at} />
            </Text>
          </Group>
          <Stack gap={6}>
            {[...gates].map(([gate, findings]) => (
              <Text key={gate} component="div" size="sm">
                <GateHeading gate={gate} findings={findings} />
              </Text>
            ))}
          </Stack>
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {tag === undefined
            ? 'An image without a tag has no verdict.'
            : check.isLoading
              ? 'Evaluating…'
              : 'Not evaluated yet.'}
        </Text>
      )}
    </Paper>
  );
}
