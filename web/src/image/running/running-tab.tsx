import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type RunningPlace, windlassInventoryOperations } from '#contract/windlass-inventory.ts';
import { useOperation } from '../../api/operation-query.ts';
import { Ago } from '../../states/ago.tsx';
import { Badge } from '../../states/badge.tsx';
import { Nothing } from '../../states/nothing.tsx';
import type { Column } from '../../table/column.ts';
import { DataTable } from '../../table/data-table.tsx';
import { useImageDigest } from '../use-image.ts';

const MATCHES = {
  digest: { word: 'Digest', tone: 'good', about: 'The very same image.' },
  parent_digest: { word: 'Index', tone: 'good', about: 'The runtime tells the digest of the multi-platform index.' },
  tag: { word: 'Tag only', tone: 'medium', about: 'The runtime told no digest: the tag may have moved since.' },
} as const;

const COLUMNS: Column<RunningPlace>[] = [
  {
    id: 'cluster',
    title: 'Cluster',
    least: 150,
    value: (place) => place.cluster,
    cell: (place) => (
      <Anchor
        size="sm"
        fw={600}
        className="truncate"
        renderRoot={(props) => (
          <Link
            to="/runtime"
            search={{ cluster: place.cluster, ...(place.namespace ? { namespace: place.namespace } : {}) }}
            {...props}
          />
        )}
      >
        {place.cluster}
      </Anchor>
    ),
  },
  { id: 'namespace', title: 'Namespace', least: 120, value: (place) => place.namespace },
  { id: 'workload', title: 'Workload', least: 160, from: 700, value: (place) => place.workload },
  { id: 'tag', title: 'As', least: 200, from: 1200, value: (place) => place.image_tag },
  {
    id: 'match',
    title: 'Recognised by',
    width: 130,
    from: 900,
    value: (place) => MATCHES[place.matched_by].word,
    cell: (place) => {
      const { word, tone, about } = MATCHES[place.matched_by];
      return (
        <Badge tone={tone} title={about}>
          {word}
        </Badge>
      );
    },
  },
  {
    id: 'pods',
    title: 'Pods',
    width: 80,
    align: 'right',
    from: 600,
    descendingFirst: true,
    value: (place) => place.pods,
  },
  {
    id: 'containers',
    title: 'Containers',
    width: 108,
    align: 'right',
    from: 500,
    descendingFirst: true,
    value: (place) => place.containers,
  },
  {
    id: 'seen',
    title: 'Last seen',
    width: 116,
    align: 'right',
    from: 800,
    descendingFirst: true,
    value: (place) => place.last_seen,
    cell: (place) => <Ago time={place.last_seen} />,
  },
];

/** All places where the image runs. */
export function RunningTab() {
  const digest = useImageDigest();
  const places = useOperation(
    windlassInventoryOperations.list_running_places,
    { params: { image_digest: digest } },
    { every: () => 30_000 },
  );
  return (
    <DataTable
      label="Places"
      columns={COLUMNS}
      rows={places.data?.items}
      rowKey={(place) => [place.context, place.workload, place.image_tag, place.image_digest].join('\n')}
      error={places.error}
      retry={() => void places.refetch()}
      search="Search cluster, namespace or workload"
      sort={{ id: 'containers', descending: true }}
      csv={`running-${digest.slice(7, 19)}`}
      empty={
        <Nothing title="It runs nowhere">
          No cluster that reports here runs this image, neither by its digest nor by one of its tags.
        </Nothing>
      }
    />
  );
}
