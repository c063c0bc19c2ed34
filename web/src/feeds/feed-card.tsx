import { Paper, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import type { FeedGroupMetadata, FeedMetadata } from '#contract/feeds.ts';
import { formatCount } from '../format/number.ts';
import { plural, sentenceCase } from '../format/words.ts';
import { Ago } from '../states/ago.tsx';
import { Copyable } from '../states/copyable.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import classes from './feeds.module.css';

const TITLES: Record<string, string> = {
  vulnerabilities: 'Vulnerabilities',
  kev_db: 'Known exploited vulnerabilities (KEV)',
  epss_db: 'Exploit prediction scores (EPSS)',
};

const COLUMNS: Column<FeedGroupMetadata>[] = [
  { id: 'name', title: 'Source', value: (group) => group.name, cell: (group) => <b>{group.name}</b> },
  {
    id: 'records',
    title: 'Records',
    width: 120,
    align: 'right',
    descendingFirst: true,
    value: (group) => group.record_count,
    cell: (group) => formatCount(group.record_count),
  },
  {
    id: 'built',
    title: 'Data of',
    width: 150,
    align: 'right',
    descendingFirst: true,
    value: (group) => group.data_service_built_at,
    cell: (group) => <Ago time={group.data_service_built_at} />,
  },
];

/** One feed: its build, and the records of each source in it. */
export function FeedCard({ feed }: { feed: FeedMetadata }) {
  const groups = feed.groups ?? [];
  const records = useMemo(() => groups.reduce((sum, group) => sum + (group.record_count ?? 0), 0), [groups]);
  const title = TITLES[feed.name ?? ''] ?? sentenceCase(feed.name ?? 'Feed');
  if (!feed.dataset_checksum) {
    return (
      <Paper>
        <Nothing title={`${title}: no data yet`}>
          Packages are not matched against anything until the first sync ends.
        </Nothing>
      </Paper>
    );
  }
  return (
    <Paper p="md">
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed">
        {plural(records, 'record')} · built <Ago time={feed.data_service_built_at} /> · received{' '}
        <Ago time={feed.enterprise_received_at} />
      </Text>
      <div className={classes.build}>
        <span>Build {feed.version}</span>
        <Copyable value={feed.dataset_checksum} shown={feed.dataset_checksum.slice(0, 19)} label="checksum" />
      </div>
      {groups.length > 1 ? (
        <div className={classes.sources}>
          <DataTable
            label={`Sources of ${title}`}
            columns={COLUMNS}
            rows={groups}
            rowKey={(group) => group.name ?? ''}
            sort={{ id: 'records', descending: true }}
            maxHeight="21rem"
            dense
          />
        </div>
      ) : null}
    </Paper>
  );
}
