import { Title } from '@mantine/core';
import { useMemo } from 'react';
import { type FeedSource, windlassFeedsOperations } from '#contract/windlass-feeds.ts';
import { useAction } from '../api/operation-action.ts';
import { useOperation } from '../api/operation-query.ts';
import { formatSize } from '../format/size.ts';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';

const STATES = {
  waiting: { word: 'Waiting', tone: 'low' },
  good: { word: 'Good', tone: 'good' },
  failing: { word: 'Failing', tone: 'critical' },
} as const;

/** Where the server gets the data, with the last good copies. */
export function SourcesTable() {
  const list = windlassFeedsOperations.list_feed_sources;
  const sources = useOperation(list, {}, { every: () => 30_000 });
  const columns = useMemo<Column<FeedSource>[]>(
    () => [
      { id: 'name', title: 'Source', least: 140, value: (row) => row.name, cell: (row) => <b>{row.name}</b> },
      {
        id: 'state',
        title: 'State',
        width: 100,
        value: (row) => STATES[row.state].word,
        cell: (row) => <Badge tone={STATES[row.state].tone}>{STATES[row.state].word}</Badge>,
      },
      { id: 'location', title: 'From', least: 180, mono: true, from: 800, value: (row) => row.location },
      { id: 'error', title: 'Last failure', least: 150, from: 1000, value: (row) => row.error },
      {
        id: 'size',
        title: 'Size',
        width: 96,
        align: 'right',
        from: 900,
        value: (row) => row.size,
        cell: (row) => formatSize(row.size),
      },
      {
        id: 'fetched',
        title: 'Last good copy',
        width: 136,
        align: 'right',
        from: 560,
        value: (row) => row.fetched_at,
        cell: (row) => (row.fetched_at ? <Ago time={row.fetched_at} /> : 'none'),
      },
      {
        id: 'forget',
        title: '',
        width: 100,
        sortable: false,
        searchable: false,
        from: 700,
        value: () => undefined,
        cell: (row) => (row.origin === 'imported' ? <Forget source={row} /> : null),
      },
    ],
    [],
  );
  return (
    <section>
      <Title order={2} mt="lg" mb="sm">
        Sources
      </Title>
      <DataTable
        label="Sources"
        columns={columns}
        rows={sources.data?.items}
        rowKey={(row) => row.name}
        error={sources.error}
        retry={() => void sources.refetch()}
        sort={{ id: 'name', descending: false }}
        maxHeight="24rem"
      />
    </section>
  );
}

function Forget({ source }: { source: FeedSource }) {
  const remove = useAction(windlassFeedsOperations.delete_feed_source, {
    refreshes: [windlassFeedsOperations.list_feed_sources],
    onDone: () => announce('The source was forgotten'),
  });
  return (
    <ConfirmButton
      size="compact-xs"
      label="Forget"
      name={`Forget ${source.name}`}
      title={`Forget ${source.name}?`}
      confirm="Forget"
      action={remove}
      onConfirm={(close) => remove.mutate({ params: { name: source.name } }, { onSuccess: close })}
    >
      The next build is made without it.
    </ConfirmButton>
  );
}
