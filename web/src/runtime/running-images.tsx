import { Anchor, SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ImageOverview, windlassOperations } from '#contract/windlass.ts';
import { type RunningImage, windlassInventoryOperations } from '#contract/windlass-inventory.ts';
import { useOperation } from '../api/operation-query.ts';
import { shortDigest } from '../format/words.ts';
import { SeverityBar } from '../severity/severity-bar.tsx';
import { VerdictBadge } from '../severity/verdict-badge.tsx';
import { Ago } from '../states/ago.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { RunningStateBadge, runningStateWord } from './running-state.tsx';
import { RUNNING_STATES, type RuntimeSearch } from './runtime-search.ts';

const LIMIT = 1000;

const COLUMNS: Column<RunningImage>[] = [
  {
    id: 'image',
    title: 'Image',
    least: 220,
    value: (image) => image.image_tag,
    cell: (image) => <Name image={image} />,
  },
  {
    id: 'digest',
    title: 'Digest',
    width: 130,
    mono: true,
    from: 1300,
    value: (image) => shortDigest(image.image_digest) || 'not told',
  },
  {
    id: 'state',
    title: 'State',
    width: 130,
    value: (image) => runningStateWord(image.state),
    cell: (image) => <RunningStateBadge state={image.state} />,
  },
  {
    id: 'verdict',
    title: 'Policy',
    width: 104,
    from: 800,
    sortable: false,
    value: () => undefined,
    cell: (image) => (
      <OfCatalog image={image}>
        {(row) => (row.final_action ? <VerdictBadge outcome={row.final_action} /> : null)}
      </OfCatalog>
    ),
  },
  {
    id: 'vulnerabilities',
    title: 'Vulnerabilities',
    width: 250,
    from: 900,
    sortable: false,
    value: () => undefined,
    cell: (image) => (
      <OfCatalog image={image}>
        {(row) =>
          row.vulnerabilities ? <SeverityBar counts={row.vulnerabilities} sure={!row.problems?.length} /> : null
        }
      </OfCatalog>
    ),
  },
  {
    id: 'containers',
    title: 'Containers',
    width: 108,
    align: 'right',
    from: 500,
    descendingFirst: true,
    value: (image) => image.containers,
  },
  {
    id: 'places',
    title: 'Namespaces',
    width: 108,
    align: 'right',
    from: 1100,
    descendingFirst: true,
    value: (image) => image.contexts.length,
    cell: (image) => <span title={image.contexts.join('\n')}>{image.contexts.length}</span>,
  },
  {
    id: 'seen',
    title: 'Last seen',
    width: 116,
    align: 'right',
    from: 700,
    descendingFirst: true,
    value: (image) => image.last_seen,
    cell: (image) => <Ago time={image.last_seen} />,
  },
];

/** Images that run in a part of the inventory. */
export function RunningImages({ search }: { search: RuntimeSearch }) {
  const navigate = useNavigate();
  const unknownOnly = search.images === 'unknown';
  const { images: _, ...part } = search;
  const answer = useOperation(
    windlassInventoryOperations.get_inventory_coverage,
    {
      query: {
        ...part,
        limit: String(LIMIT),
        ...(unknownOnly ? {} : { state: RUNNING_STATES.join(',') }),
      },
    },
    { keepPrevious: true, every: () => 30_000 },
  );
  const total = answer.data?.total_rows ?? 0;
  return (
    <DataTable
      label="Running images"
      columns={COLUMNS}
      rows={answer.data?.items}
      rowKey={(image) => `${image.inventory_type} ${image.image_tag} ${image.image_digest}`}
      error={answer.error}
      retry={() => void answer.refetch()}
      search="Search tag or state"
      filters={
        <SegmentedControl
          aria-label="Which images"
          value={unknownOnly ? 'unknown' : 'all'}
          onChange={(value) =>
            void navigate({ to: '/runtime', search: { ...part, images: value as 'all' }, replace: true })
          }
          data={[
            { value: 'all', label: 'All' },
            { value: 'unknown', label: 'Not analysed' },
          ]}
        />
      }
      sort={{ id: 'containers', descending: true }}
      csv="windlass-running-images"
      maxHeight="max(24rem, calc(100dvh - 24rem))"
      empty={
        unknownOnly ? (
          <Nothing title="Everything that runs here was analysed" />
        ) : (
          <Nothing title="No images run here" />
        )
      }
      footer={
        total > LIMIT ? (
          <p>
            The first {LIMIT} of {total} are listed.
          </p>
        ) : null
      }
    />
  );
}

function Name({ image }: { image: RunningImage }) {
  const name = image.image_tag || shortDigest(image.image_digest);
  const { catalog_digest: digest } = image;
  if (!digest) return <span title={name}>{name}</span>;
  return (
    <Anchor
      fw={600}
      size="sm"
      className="truncate"
      title={name}
      renderRoot={(props) => <Link to="/images/$digest" params={{ digest }} {...props} />}
    >
      {name}
    </Anchor>
  );
}

/** What the catalogue knows of a running image; asked only for rows that are drawn. */
function OfCatalog(props: { image: RunningImage; children: (row: ImageOverview) => React.ReactNode }) {
  const { catalog_digest: digest, state } = props.image;
  const list = useOperation(
    windlassOperations.list_image_overview,
    { query: { search: digest ?? '', limit: 1 } },
    { enabled: digest !== undefined && state === 'analyzed', staleMs: 60_000 },
  );
  const row = list.data?.items[0];
  return row ? props.children(row) : null;
}
