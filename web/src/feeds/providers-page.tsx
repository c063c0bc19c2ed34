import { Text } from '@mantine/core';
import { type FeedProvider, windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import { useOperation } from '../api/operation-query.ts';
import { useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { Badge } from '../states/badge.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { FeedLinks } from './feed-links.tsx';
import { SourcesTable } from './sources-table.tsx';

const COLUMNS: Column<FeedProvider>[] = [
  { id: 'name', title: 'Provider', least: 140, value: (row) => row.provider, cell: (row) => <b>{row.provider}</b> },
  {
    id: 'state',
    title: 'Data',
    width: 100,
    value: (row) => row.state,
    cell: (row) => (
      <Badge tone={row.state === 'fresh' ? 'good' : 'high'}>{row.state === 'fresh' ? 'Fresh' : 'Stale'}</Badge>
    ),
  },
  {
    id: 'matched',
    title: 'Matched',
    width: 110,
    value: (row) => (row.excluded ? 'excluded' : 'yes'),
    cell: (row) => (row.excluded ? <Badge tone="medium">Excluded</Badge> : 'Yes'),
  },
  {
    id: 'records',
    title: 'Records',
    width: 110,
    align: 'right',
    from: 560,
    descendingFirst: true,
    value: (row) => row.record_count,
  },
  {
    id: 'captured',
    title: 'Data of',
    width: 130,
    align: 'right',
    from: 700,
    value: (row) => row.captured_at,
    cell: (row) => <Ago time={row.captured_at} />,
  },
  {
    id: 'since',
    title: 'Stale since',
    width: 130,
    align: 'right',
    from: 900,
    value: (row) => row.stale_since,
    cell: (row) => <Ago time={row.stale_since} />,
  },
];

/** Who the vulnerability data comes from, and how old it is. */
export function ProvidersPage() {
  const { is_admin } = useSession();
  const providers = useOperation(windlassFeedsOperations.list_feed_providers, {}, { every: () => 30_000 });
  return (
    <>
      <PageTitle title="Feeds and jobs" about="Providers of the records in use." />
      <FeedLinks />
      <DataTable
        label="Providers"
        columns={COLUMNS}
        rows={providers.data?.items}
        rowKey={(row) => row.provider}
        error={providers.error}
        retry={() => void providers.refetch()}
        search="Search providers"
        sort={{ id: 'name', descending: false }}
        csv="windlass-providers"
        maxHeight="32rem"
        empty={<Nothing title="There is no data yet" />}
        footer={
          <Text size="sm" c="dimmed" mt="xs">
            Which providers are excluded, and from which age data is stale, are settings of the server:{' '}
            <span className="mono">feeds.exclude_providers</span> and <span className="mono">feeds.max_age_days</span>.
          </Text>
        }
      />
      {is_admin ? <SourcesTable /> : null}
    </>
  );
}
