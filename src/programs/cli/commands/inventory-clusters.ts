import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  type InventoryCluster,
  type InventoryClusterConfig,
  inventoryClustersOperations,
} from '#contract/inventory-clusters.ts';
import type { CliContext } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { readSecret } from '../read-secret.ts';
import { connect, type ServerOptions, serverCommand } from '../server-command.ts';
import { show, showOne } from '../show.ts';
import type { Column } from '../terminal/table.ts';

const COLUMNS: Column<InventoryCluster>[] = [
  { title: 'cluster', value: (row) => row.cluster_name },
  { title: 'server', value: (row) => row.cluster_config.cluster_server },
  { title: 'namespaces', value: (row) => scope(row) },
  { title: 'status', value: (row) => row.status, keep: true },
  { title: 'last success', value: (row) => row.last_success_at },
  { title: 'images', value: (row) => row.images_found },
  { title: 'error', value: (row) => row.last_error },
];

interface AddOptions extends ServerOptions {
  server?: string;
  ca?: string;
  token?: string;
  clientCertificate?: string;
  clientKey?: string;
  kubeconfig?: string;
  context?: string;
  namespace?: string[];
}

/** `windlass inventory clusters …`: clusters that the server reads itself. */
export function defineInventoryClusters(inventory: Command, cli: CliContext): void {
  const noun = inventory.command('clusters').description('Clusters that the server reads itself, without an agent');

  serverCommand(noun, 'list', 'List clusters and how reading them went', [
    'windlass inventory clusters list',
    'with the last error of each',
  ]).action(async (options: ServerOptions) => {
    const rows = await connect(cli, options).call(inventoryClustersOperations.list_inventory_clusters);
    await show(cli, options.output, {
      data: rows,
      rows,
      columns: COLUMNS,
      id: (row) => row.cluster_name,
      empty: 'No clusters.',
    });
  });

  serverCommand(
    noun,
    'add <name>',
    'Let the server read a cluster, at once and then at intervals',
    [
      'windlass inventory clusters add prod --server https://k8s.example.com:6443 --ca ca.pem --token -',
      'token from standard input',
    ],
    ['windlass inventory clusters add prod --kubeconfig prod.yaml', 'address and credentials of a kubeconfig'],
    ['windlass inventory clusters add prod --kubeconfig prod.yaml --namespace web', 'one namespace only'],
  )
    .option('--server <url>', 'address of the API server')
    .option('--ca <file>', 'PEM certificate of its authority')
    .option('--token <token>', 'token of a service account; "-" reads it from standard input')
    .option('--client-certificate <file>', 'PEM client certificate, in place of a token')
    .option('--client-key <file>', 'its PEM private key')
    .option('--kubeconfig <file>', 'take address, authority and lasting credentials from this file')
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('--namespace <name>', 'read only this namespace; may be repeated', (value: string, list?: string[]) => [
      ...(list ?? []),
      value,
    ])
    .action(async (name: string, options: AddOptions) => {
      const cluster = await connect(cli, options).call(inventoryClustersOperations.add_inventory_cluster, {
        body: {
          cluster_name: name,
          inventory_type: 'kubernetes',
          cluster_config: {
            ...(options.kubeconfig
              ? await fromKubeconfig(options.kubeconfig, options.context)
              : await given(cli, options)),
            namespaces: options.namespace ?? [],
          },
        },
      });
      await print(cli, options, cluster);
    });

  serverCommand(noun, 'get <name>', 'Show a cluster and how reading it went', [
    'windlass inventory clusters get prod',
    'credentials are never shown',
  ]).action(async (name: string, options: ServerOptions) => {
    const params = { cluster_name: name };
    await print(
      cli,
      options,
      await connect(cli, options).call(inventoryClustersOperations.get_inventory_cluster_by_name, { params }),
    );
  });

  serverCommand(noun, 'delete <name>', 'Stop reading a cluster', [
    'windlass inventory clusters delete prod',
    'what was found stays until it expires',
  ]).action(async (name: string, options: ServerOptions) => {
    await connect(cli, options).call(inventoryClustersOperations.del_inventory_cluster_by_name, {
      params: { cluster_name: name },
    });
    await showOne(cli, options.output, {
      data: { cluster_name: name, deleted: true },
      id: name,
      fields: [['Deleted', name]],
    });
  });
}

function scope({ cluster_config: { namespaces } }: InventoryCluster): string {
  return !namespaces?.length || namespaces.includes('all') ? 'all' : namespaces.join(', ');
}

function print(cli: CliContext, { output }: ServerOptions, cluster: InventoryCluster): Promise<void> {
  return showOne(cli, output, {
    data: cluster,
    id: cluster.cluster_name,
    fields: [
      ['Cluster', cluster.cluster_name],
      ['Server', cluster.cluster_config.cluster_server],
      ['Log-in', cluster.cluster_config.credential_type],
      ['Namespaces', scope(cluster)],
      ['Status', cluster.status],
      ['Last success', cluster.last_success_at],
      ['Namespaces found', cluster.namespaces_found],
      ['Images found', cluster.images_found],
      ['Last error', cluster.last_error],
      ['Next reading', cluster.next_poll_at],
    ],
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function given(cli: CliContext, options: AddOptions): Promise<InventoryClusterConfig> {
  const { server, ca, token, clientCertificate, clientKey } = options;
  if (!server || !ca)
    throw usageFailure('--server and --ca are needed', 'Or take them from a file: --kubeconfig FILE.');
  const common = { cluster_server: server, cluster_certificate: base64(await readFile(ca, 'utf8')) };
  if (token !== undefined) {
    return { ...common, credential_type: 'token', credential: token === '-' ? await readSecret(cli) : token };
  }
  if (!clientCertificate || !clientKey)
    throw usageFailure('a log-in is needed: --token, or --client-certificate and --client-key');
  return {
    ...common,
    credential_type: 'private_key',
    credential: base64(await readFile(clientKey, 'utf8')),
    client_certificate: base64(await readFile(clientCertificate, 'utf8')),
  };
}

async function fromKubeconfig(path: string, context: string | undefined): Promise<InventoryClusterConfig> {
  const { kubeconfigConnection } = await import('#agents/kubernetes/index.ts');
  const { connection, shortLived } = await kubeconfigConnection(path, context);
  const { ca, cert, key } = connection.tls;
  if (shortLived) {
    throw usageFailure(
      `${path}: its credential ends soon and the server could not renew it`,
      'Make a service account with a lasting token, or run windlass agent kubernetes.',
    );
  }
  if (!ca) throw usageFailure(`${path}: names no certificate authority`);
  const common = { cluster_server: connection.server, cluster_certificate: base64(ca) };
  if (cert && key) {
    return { ...common, credential_type: 'private_key', credential: base64(key), client_certificate: base64(cert) };
  }
  const token = /^Bearer (.+)$/.exec((await connection.headers()).authorization ?? '')?.[1];
  if (!token) throw usageFailure(`${path}: holds neither a token nor a client certificate`);
  return { ...common, credential_type: 'token', credential: token };
}
