import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type InventoryCluster, inventoryClustersOperations } from '#contract/inventory-clusters.ts';
import { useOperation } from '../api/operation-query.ts';
import { useMay } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Ago } from '../states/ago.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { AddClusterDialog } from './add-cluster-dialog.tsx';
import { ClusterDrawer } from './cluster-drawer.tsx';
import { ClusterState, clusterStateWord } from './cluster-state.tsx';
import { RuntimeLinks } from './runtime-links.tsx';

const COLUMNS: Column<InventoryCluster>[] = [
  {
    id: 'name',
    title: 'Cluster',
    least: 160,
    value: (cluster) => cluster.cluster_name,
    cell: (cluster) => <b>{cluster.cluster_name}</b>,
  },
  {
    id: 'state',
    title: 'State',
    width: 124,
    value: (cluster) => clusterStateWord(cluster.status),
    cell: (cluster) => <ClusterState status={cluster.status} />,
  },
  {
    id: 'server',
    title: 'API server',
    least: 200,
    mono: true,
    from: 900,
    value: (cluster) => cluster.cluster_config.cluster_server,
  },
  { id: 'error', title: 'Last error', least: 200, from: 700, value: (cluster) => cluster.last_error },
  { id: 'images', title: 'Images', width: 90, align: 'right', from: 600, value: (cluster) => cluster.images_found },
  {
    id: 'read',
    title: 'Last good reading',
    width: 150,
    align: 'right',
    from: 1000,
    value: (cluster) => cluster.last_success_at,
    cell: (cluster) => (cluster.last_success_at ? <Ago time={cluster.last_success_at} /> : 'never'),
  },
];

/** Clusters whose inventory the server reads itself. */
export function ClustersPage() {
  const mayAdd = useMay('createRuntimeInventory');
  const [adding, dialog] = useDisclosure(false);
  const [shown, setShown] = useState<string>();
  const clusters = useOperation(
    inventoryClustersOperations.list_inventory_clusters,
    { query: {} },
    { every: (list) => (list?.some(({ status }) => status === 'pending') ? 2_000 : 15_000) },
  );
  return (
    <>
      <PageTitle title="Runtime" about="Clusters that need no agent: the server asks their API servers itself.">
        {mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
            Add cluster
          </Button>
        ) : null}
      </PageTitle>
      <RuntimeLinks />
      <DataTable
        label="Clusters"
        columns={COLUMNS}
        rows={clusters.data}
        rowKey={(cluster) => cluster.cluster_name}
        error={clusters.error}
        retry={() => void clusters.refetch()}
        search="Search clusters"
        sort={{ id: 'name', descending: false }}
        onRowClick={(cluster) => setShown(cluster.cluster_name)}
        empty={
          <Nothing title="The server reads no cluster">
            Add one with a token of a service account that may list namespaces, nodes and pods; or run an agent in the
            cluster.
          </Nothing>
        }
      />
      <AddClusterDialog opened={adding} onClose={dialog.close} />
      <ClusterDrawer
        cluster={clusters.data?.find((cluster) => cluster.cluster_name === shown)}
        onClose={() => setShown(undefined)}
      />
    </>
  );
}
