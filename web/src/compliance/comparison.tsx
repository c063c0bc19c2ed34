import { Group, Select, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import {
  type ComplianceRuleDifference,
  type RuntimeComplianceCheck,
  windlassComplianceOperations,
} from '#contract/windlass-compliance.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatTime } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import { shortId } from './rules-table.tsx';

const CHANGES = ['regressed', 'improved', 'changed', 'added', 'removed'] as const;

const COLUMNS: Column<ComplianceRuleDifference>[] = [
  {
    id: 'change',
    title: 'Change',
    width: 110,
    value: (row) => sentenceCase(row.change),
    order: (row) => CHANGES.indexOf(row.change as 'changed'),
  },
  {
    id: 'before',
    title: 'Before',
    width: 136,
    value: (row) => row.before,
    cell: (row) => <OutcomeBadge outcome={row.before} />,
  },
  {
    id: 'after',
    title: 'After',
    width: 136,
    value: (row) => row.after,
    cell: (row) => <OutcomeBadge outcome={row.after} />,
  },
  { id: 'severity', title: 'Severity', width: 100, from: 800, value: (row) => sentenceCase(row.severity) },
  { id: 'title', title: 'Rule', least: 240, value: (row) => row.title || row.rule },
  { id: 'id', title: 'Id', from: 1200, least: 200, mono: true, value: (row) => shortId(row.rule) },
];

/** Chooses another run of the same image or workload, and shows what came out differently. */
export function Comparison({ check, before }: { check: RuntimeComplianceCheck; before: string | undefined }) {
  const navigate = useNavigate();
  const others = useOperation(windlassComplianceOperations.list_runtime_compliance_checks, {
    query: { state: 'parsed', limit: '1000' },
  });
  const runs = (others.data?.items ?? [])
    .filter(({ uuid }) => uuid !== check.uuid)
    .sort((a, b) => kinship(b, check) - kinship(a, check));
  if (runs.length === 0) return null;
  return (
    <>
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          Compare with
        </Text>
        <Select
          aria-label="Compare with"
          placeholder="Another run"
          data={runs.map((run) => ({ value: run.uuid, label: runName(run) }))}
          value={before ?? null}
          onChange={(value) =>
            void navigate({
              to: '/compliance/$check',
              params: { check: check.uuid },
              search: value ? { before: value } : {},
              replace: true,
            })
          }
          clearable
          searchable
          w={460}
          maw="100%"
        />
      </Group>
      {before === undefined ? null : <Differences check={check} before={before} />}
    </>
  );
}

function Differences({ check, before }: { check: RuntimeComplianceCheck; before: string }) {
  const answer = useOperation(windlassComplianceOperations.compare_runtime_compliance_checks, {
    params: { check_uuid: check.uuid },
    query: { before },
  });
  return (
    <DataTable
      label="Differences"
      columns={COLUMNS}
      rows={answer.data?.items}
      rowKey={(row) => row.rule}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search title or id"
      sort={{ id: 'change', descending: false }}
      csv={`compliance-${before}-${check.uuid}`}
      maxHeight="max(24rem, calc(100dvh - 26rem))"
      empty={<Nothing title="No difference">Every rule came out as before.</Nothing>}
    />
  );
}

/** Runs of the same workload first, then those of the same image, then those with the same profile. */
function kinship(run: RuntimeComplianceCheck, check: RuntimeComplianceCheck): number {
  const sameProfile = run.summary?.profile.id === check.summary?.profile.id;
  const sameWorkload = run.namespace === check.namespace && run.pod === check.pod && run.pod !== undefined;
  return (sameWorkload ? 4 : 0) + (run.image_digest === check.image_digest ? 2 : 0) + (sameProfile ? 1 : 0);
}

function runName(run: RuntimeComplianceCheck): string {
  const where = run.pod ?? run.image_tag ?? run.image_digest.slice(0, 19);
  const profile = run.summary?.profile.title ?? run.summary?.profile.id ?? 'no profile';
  return `${formatTime(run.summary?.evaluated_at ?? run.created_at)} · ${where} · ${profile}`;
}
