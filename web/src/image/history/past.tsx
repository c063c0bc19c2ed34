import { Text } from '@mantine/core';
import { type PastFinding, windlassExplanationsOperations } from '#contract/windlass-explanations.ts';
import { useOperation } from '../../api/operation-query.ts';
import { formatTime } from '../../format/time.ts';
import { severityRank } from '../../severity/severity.ts';
import { SeverityBadge } from '../../severity/severity-badge.tsx';
import { Ago } from '../../states/ago.tsx';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { Notes } from './notes.tsx';

const LIMIT = 10_000;

const COLUMNS: Column<PastFinding>[] = [
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
    value: (row) => row.severity,
    order: (row) => severityRank(row.severity),
    cell: (row) => <SeverityBadge severity={row.severity} />,
  },
  { id: 'package', title: 'Package', least: 160, value: (row) => `${row.package_name} ${row.package_version}` },
  { id: 'fix', title: 'Fix then', least: 120, from: 800, value: (row) => row.fix_versions.join(', ') || row.fix_state },
  {
    id: 'seen',
    title: 'First seen',
    width: 116,
    align: 'right',
    from: 900,
    value: (row) => row.first_seen_at,
    cell: (row) => <Ago time={row.first_seen_at} />,
  },
  {
    id: 'closed',
    title: 'Gone',
    width: 116,
    align: 'right',
    from: 1000,
    value: (row) => row.closed_at,
    cell: (row) => <Ago time={row.closed_at} />,
  },
];

/** What was known of the image at the end of a day. */
export function Past({ digest, at }: { digest: string; at: string }) {
  const answer = useOperation(
    windlassExplanationsOperations.get_image_vulnerability_history,
    { params: { image_digest: digest }, query: { at, limit: String(LIMIT) } },
    { keepPrevious: true },
  );
  const { data } = answer;
  return (
    <>
      <Notes notes={data?.notes ?? []} />
      <DataTable
        label="Findings then"
        columns={COLUMNS}
        rows={data?.vulnerabilities}
        rowKey={(row) =>
          [row.namespace, row.vulnerability, row.package_name, row.package_version, row.package_path].join('\n')
        }
        error={answer.error}
        retry={() => void answer.refetch()}
        search="Search vulnerability or package"
        sort={{ id: 'severity', descending: false }}
        csv={`findings-${digest.slice(7, 19)}-${at}`}
        total={data?.total_rows ?? 0}
        empty={<Nothing title="Nothing was known then" />}
        footer={
          data?.build ? (
            <Text size="sm" c="dimmed" mt="xs">
              The data in use then was built {formatTime(data.build.built_at)}.
            </Text>
          ) : null
        }
      />
    </>
  );
}
