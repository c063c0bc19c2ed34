import { type VulnerabilityChange, windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import { useOperation } from '../../api/operation-query.ts';
import { ChangeBadge } from '../../feeds/change-badge.tsx';
import { severityRank } from '../../severity/severity.ts';
import { SeverityBadge } from '../../severity/severity-badge.tsx';
import { Ago } from '../../states/ago.tsx';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { Notes } from './notes.tsx';

const LIMIT = 10_000;

const COLUMNS: Column<VulnerabilityChange>[] = [
  {
    id: 'when',
    title: 'When',
    width: 112,
    descendingFirst: true,
    value: (row) => row.changed_at,
    cell: (row) => <Ago time={row.changed_at} />,
  },
  {
    id: 'change',
    title: 'Change',
    width: 100,
    value: (row) => row.change,
    cell: (row) => <ChangeBadge change={row.change} />,
  },
  {
    id: 'vulnerability',
    title: 'Vulnerability',
    least: 160,
    value: (row) => row.vulnerability,
    cell: (row) => <b>{row.vulnerability}</b>,
  },
  {
    id: 'severity',
    title: 'Severity',
    width: 110,
    from: 600,
    value: (row) => row.severity,
    order: (row) => severityRank(row.severity),
    cell: (row) => <SeverityBadge severity={row.severity} />,
  },
  {
    id: 'package',
    title: 'Package',
    least: 160,
    from: 700,
    value: (row) => `${row.package_name} ${row.package_version}`,
  },
  { id: 'reason', title: 'Why', least: 260, from: 900, wrap: true, value: (row) => row.reason },
];

/** Findings that came, went or changed between two days. */
export function Changes({ digest, from, to }: { digest: string; from: string; to: string | undefined }) {
  const answer = useOperation(
    windlassExplanationsOperations.list_image_vulnerability_changes,
    { params: { image_digest: digest }, query: { from, limit: String(LIMIT), ...(to ? { to } : {}) } },
    { keepPrevious: true },
  );
  const { data } = answer;
  return (
    <>
      <Notes notes={data?.notes ?? []} />
      <DataTable
        label="Changes"
        columns={COLUMNS}
        rows={data?.changes}
        rowKey={(row) =>
          [row.changed_at, row.change, row.namespace, row.vulnerability, row.package_name, row.package_path].join('\n')
        }
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search vulnerability, package or reason"
        sort={{ id: 'when', descending: true }}
        csv={`changes-${digest.slice(7, 19)}`}
        total={data ? data.added + data.removed + data.changed : 0}
        empty={<Nothing title="Nothing changed">No finding came, went or changed in this time.</Nothing>}
      />
    </>
  );
}
