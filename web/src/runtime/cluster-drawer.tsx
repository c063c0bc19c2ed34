import { Group, Stack } from '@mantine/core';
import { type InventoryCluster, inventoryClustersOperations } from '#contract/inventory-clusters.ts';
import { useAction } from '../api/operation-action.ts';
import { useMay } from '../session/session.ts';
import { Ago } from '../states/ago.tsx';
import { announce } from '../states/announce.ts';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { Notice } from '../states/notice.tsx';
import { ClusterState } from './cluster-state.tsx';

/** How the readings of a cluster went, and a way to end them. */
export function ClusterDrawer({ cluster, onClose }: { cluster: InventoryCluster | undefined; onClose: () => void }) {
  return (
    <DetailDrawer opened={cluster !== undefined} onClose={onClose} title={cluster?.cluster_name}>
      {cluster ? <Details cluster={cluster} onClose={onClose} /> : null}
    </DetailDrawer>
  );
}

function Details({ cluster, onClose }: { cluster: InventoryCluster; onClose: () => void }) {
  const { cluster_config: config } = cluster;
  const mayDelete = useMay('deleteRuntimeInventory');
  const remove = useAction(inventoryClustersOperations.del_inventory_cluster_by_name, {
    refreshes: [inventoryClustersOperations.list_inventory_clusters],
    onDone: () => {
      announce('The server no longer reads the cluster');
      onClose();
    },
  });
  return (
    <Stack gap="lg">
      {cluster.last_error ? (
        <Notice kind="failure" title="The last reading failed">
          {cluster.last_error}
        </Notice>
      ) : null}
      <Facts>
        <Fact name="State">
          <ClusterState status={cluster.status} />
        </Fact>
        <Fact name="API server">
          <span className="mono">{config.cluster_server}</span>
        </Fact>
        <Fact name="Credential">{config.credential_type === 'token' ? 'Token' : 'Client certificate'}</Fact>
        <Fact name="Namespaces">{config.namespaces?.join(', ') || 'all'}</Fact>
        <Fact name="Kind of failure">{cluster.last_error_reason}</Fact>
        <Fact name="Failed">{cluster.last_error_at ? <Ago time={cluster.last_error_at} /> : null}</Fact>
        <Fact name="Last good reading">
          {cluster.last_success_at ? <Ago time={cluster.last_success_at} /> : 'never'}
        </Fact>
        <Fact name="Next reading">{cluster.next_poll_at ? <Ago time={cluster.next_poll_at} /> : null}</Fact>
        <Fact name="Namespaces found">{cluster.namespaces_found}</Fact>
        <Fact name="Images found">{cluster.images_found}</Fact>
      </Facts>
      {mayDelete ? (
        <Group>
          <ConfirmButton
            label="Stop reading"
            title="Stop reading this cluster?"
            confirm="Stop reading"
            action={remove}
            onConfirm={() => remove.mutate({ params: { cluster_name: cluster.cluster_name } })}
          >
            Its credential is deleted. What was found stays in the inventory until it expires.
          </ConfirmButton>
        </Group>
      ) : null}
    </Stack>
  );
}
