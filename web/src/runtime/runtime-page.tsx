import { Anchor, Breadcrumbs, SegmentedControl, Text } from '@mantine/core';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { windlassInventoryOperations } from '#contract/windlass-inventory.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Answer } from '../states/answer.tsx';
import { Nothing } from '../states/nothing.tsx';
import { DataTable } from '../table/data-table.tsx';
import { CoverageFigures } from './coverage-figures.tsx';
import { joinParts } from './part.ts';
import { partColumns, partSearch } from './part-columns.tsx';
import { RunningImages } from './running-images.tsx';
import { RuntimeLinks } from './runtime-links.tsx';
import { levelOf, type RuntimeSearch } from './runtime-search.ts';

const route = getRouteApi('/app/runtime');
const LIMIT = 1000;

/** What runs where: clusters, their namespaces, their workloads, and the images in them. */
export function RuntimePage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { images, ...part } = search;
  const level = levelOf(search);
  const coverage = useOperation(
    windlassInventoryOperations.get_inventory_coverage,
    { query: { ...part, limit: '1' } },
    { keepPrevious: true, every: () => 30_000 },
  );
  return (
    <>
      <PageTitle title="Runtime" about="What clusters reported, and what is known of the images in them." />
      <RuntimeLinks />
      <Path search={search} />
      <Answer of={coverage} what="Loading the inventory">
        {(data) => <CoverageFigures coverage={data} search={part} />}
      </Answer>
      {level === undefined ? null : (
        <SegmentedControl
          aria-label="What to list"
          mb="sm"
          value={images ? 'images' : 'parts'}
          onChange={(value) =>
            void navigate({
              to: '/runtime',
              search: value === 'images' ? { ...part, images: 'all' } : part,
              replace: true,
            })
          }
          data={[
            { value: 'parts', label: { cluster: 'Clusters', namespace: 'Namespaces', workload: 'Workloads' }[level] },
            { value: 'images', label: 'Images' },
          ]}
        />
      )}
      {level === undefined || images ? <RunningImages search={search} /> : <Parts part={part} level={level} />}
    </>
  );
}

/** The clusters, namespaces or workloads of a part. */
function Parts({ part, level }: { part: RuntimeSearch; level: 'cluster' | 'namespace' | 'workload' }) {
  const navigate = useNavigate();
  const query = { ...part, group_by: level, limit: String(LIMIT) };
  const live = { keepPrevious: true, every: () => 30_000 as const };
  const vulnerabilities = useOperation(
    windlassInventoryOperations.list_running_vulnerabilities,
    { query },
    { ...live, enabled: useMay('getImage') },
  );
  const evaluations = useOperation(
    windlassInventoryOperations.list_running_evaluations,
    { query },
    { ...live, enabled: useMay('getImageEvaluation') },
  );
  const columns = useMemo(() => partColumns(level), [level]);
  const rows = useMemo(
    () => joinParts(vulnerabilities.data?.items, evaluations.data?.items),
    [vulnerabilities.data, evaluations.data],
  );
  const total = vulnerabilities.data?.total_rows ?? 0;
  const names = `${level}s`;
  return (
    <DataTable
      key={level}
      label={`${level.charAt(0).toUpperCase()}${names.slice(1)}`}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      error={vulnerabilities.error ?? evaluations.error}
      retry={() => void Promise.all([vulnerabilities.refetch(), evaluations.refetch()])}
      search={`Search ${names}`}
      sort={{ id: 'vulnerabilities', descending: true }}
      csv={`windlass-${names}`}
      onRowClick={(row) => {
        const next = partSearch(row, level);
        if (next) void navigate({ to: '/runtime', search: next });
      }}
      maxHeight="max(24rem, calc(100dvh - 24rem))"
      empty={
        <Nothing title="Nothing was reported">
          Run an agent in the cluster (<span className="mono">windlass agent kubernetes</span>), or{' '}
          <Anchor inherit underline="always" renderRoot={(props) => <Link to="/runtime/clusters" {...props} />}>
            let the server read a cluster
          </Anchor>
          .
        </Nothing>
      }
      footer={
        total > LIMIT ? (
          <Text size="sm" c="dimmed" mt="xs">
            The first {LIMIT} of {total} are listed.
          </Text>
        ) : null
      }
    />
  );
}

/** Where in the inventory the reader is, with a way back. */
function Path({ search }: { search: RuntimeSearch }) {
  const { cluster, namespace, workload } = search;
  if (cluster === undefined) return null;
  const steps: { name: string; to: RuntimeSearch }[] = [
    { name: 'All clusters', to: {} },
    { name: cluster, to: { cluster } },
  ];
  if (namespace !== undefined) steps.push({ name: namespace, to: { cluster, namespace } });
  if (namespace !== undefined && workload !== undefined)
    steps.push({ name: workload, to: { cluster, namespace, workload } });
  return (
    <Breadcrumbs mb="md" style={{ flexWrap: 'wrap' }}>
      {steps.map(({ name, to }, index) =>
        index === steps.length - 1 ? (
          <Text
            key={name}
            size="sm"
            fw={600}
            aria-current="page"
            style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}
          >
            {name}
          </Text>
        ) : (
          <Anchor key={name} size="sm" renderRoot={(props) => <Link to="/runtime" search={to} {...props} />}>
            {name}
          </Anchor>
        ),
      )}
    </Breadcrumbs>
  );
}
