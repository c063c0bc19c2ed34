import { type Chance, counted, digestOf, moment, STEPS } from './chance.ts';
import type { Catalogue, ClusterFact, Collected, ContextFact, Inventory } from './facts.ts';

/** Before this moment, what was last seen is gone. */
export const RUNNING_SINCE = moment(STEPS - 20);

const labelsOf = (chance: Chance): Record<string, string> =>
  Object.fromEntries(chance.some(['env', 'team', 'a_b'], 0.4).map((key) => [key, chance.pick(['prod', 'dev', 'x%'])]));
const seenAt = (chance: Chance) => moment(STEPS - 1 - chance.whole(30));
const closedAt = (chance: Chance) => (chance.often(0.2) ? seenAt(chance) : null);

function contextOf(chance: Chance, cluster: ClusterFact, n: number, id: number): ContextFact {
  const ecs = cluster.inventory_type === 'ecs';
  const source = !ecs && chance.often(0.2) ? 'list' : 'agent';
  const name = ecs ? '' : ['default', 'shop'][n]!;
  return {
    ...{ id, account: cluster.account, cluster_id: cluster.id, source, name },
    uid: ecs || source === 'list' ? '' : `ns-${id}`,
    context: ecs ? cluster.name : `${cluster.name}/${name}`,
    ...{ labels: labelsOf(chance), annotations: labelsOf(chance), last_seen: seenAt(chance) },
  };
}

/** Names under which images run: of the catalogue by digest, index or tag, and unknown ones. */
function namesThatRun(chance: Chance, { images, tags }: Catalogue, account: string) {
  const own = images.filter((image) => image.account === account);
  const byDigest = chance
    .some(own, 0.4)
    .map(({ digest }, n) => ({ image_tag: `registry.local:5000/run:${n}`, image_digest: digest }));
  const byIndex = chance
    .some([digestOf(500), digestOf(501)], 0.6)
    .map((image_digest) => ({ image_tag: 'team/multi', image_digest }));
  const named = chance
    .some(
      tags.filter((tag) => tag.account === account),
      0.4,
    )
    .map((tag) => ({
      image_tag: `${tag.registry}/${tag.repository}:${tag.tag}`,
      image_digest: chance.often(0.6) ? '' : tag.digest,
    }));
  const unknown = [
    { image_tag: 'quay.io/none:1', image_digest: digestOf(9999) },
    { image_tag: 'quay.io/none:2', image_digest: '' },
  ];
  return [...byDigest, ...byIndex, ...named, ...chance.some(unknown, 0.6)];
}

/** One spelling of a tag, as reports of agents are stored with. */
function fullTag(tag: string): string | null {
  if (tag === 'team/multi') return 'docker.io/team/multi:latest';
  return tag.startsWith('docker.io/') && tag.split('/').length === 2
    ? tag.replace('docker.io/', 'docker.io/library/')
    : tag;
}

/** Clusters of both kinds with what runs there. */
export function generateInventory(chance: Chance, catalogue: Catalogue): Inventory {
  const all: Inventory = {
    clusters: [],
    contexts: [],
    running: [],
    nodes: [],
    pods: [],
    containers: [],
    tasks: [],
    services: [],
  };
  for (const account of catalogue.accounts.slice(0, 2))
    for (const inventory_type of ['kubernetes', 'ecs'] as const) {
      const cluster = { id: all.clusters.length + 1, account, inventory_type, name: `${account}-${inventory_type}` };
      all.clusters.push(cluster);
      if (inventory_type === 'kubernetes')
        for (const n of counted(2))
          all.nodes.push({
            ...{
              account,
              cluster_id: cluster.id,
              uid: `n${n}`,
              name: `node-${n}`,
              arch: chance.pick(['amd64', 'arm64', null]),
            },
            ...{ labels: labelsOf(chance), annotations: labelsOf(chance), last_seen: seenAt(chance) },
          });
      for (const n of counted(inventory_type === 'ecs' ? 1 : 2)) {
        const context = contextOf(chance, cluster, n, all.contexts.length + 1);
        all.contexts.push(context);
        fillContext(chance, catalogue, context, inventory_type, all);
      }
    }
  return all;
}

function fillContext(
  chance: Chance,
  catalogue: Catalogue,
  context: ContextFact,
  kind: 'kubernetes' | 'ecs',
  all: Inventory,
): void {
  const of = { account: context.account, context_id: context.id };
  const names = new Map(
    namesThatRun(chance, catalogue, context.account).map((one) => [`${one.image_tag} ${one.image_digest}`, one]),
  );
  const owners = counted(3).map((n) => `o${n}`);
  if (kind === 'ecs') {
    for (const arn of ['svc-1', 'svc-2']) all.services.push({ ...of, arn, tags: labelsOf(chance) });
    for (const arn of chance.some(owners, 0.8))
      all.tasks.push({
        ...of,
        arn,
        service_arn: chance.pick(['svc-1', 'svc-2', '']),
        task_definition_arn: 'def:1',
        tags: labelsOf(chance),
      });
  } else if (context.source === 'agent')
    for (const uid of chance.some(owners, 0.8))
      all.pods.push({
        ...{ ...of, uid, name: `pod-${uid}`, node_uid: chance.pick(['n0', 'n1', null]) },
        ...{ labels: labelsOf(chance), annotations: labelsOf(chance), last_seen: closedAt(chance) },
      });
  for (const name of names.values()) {
    all.running.push({
      ...of,
      ...name,
      full_tag: chance.often(0.05) ? null : fullTag(name.image_tag),
      last_seen: closedAt(chance),
    });
    if (context.source === 'agent')
      for (const owner of chance.some([...owners, ''], 0.3))
        all.containers.push({
          ...{ ...of, ...name, owner, container_id: `c${all.containers.length}`, name: `app-${chance.whole(3)}` },
          last_seen: closedAt(chance),
        });
  }
}

/** What was collected over time: samples of metrics, stored queries and their runs. */
export function generateCollected(chance: Chance, accounts: string[], metricIds: readonly string[]): Collected {
  const samples = accounts.flatMap((account) =>
    chance.some(counted(6), 0.6).map((n) => ({
      ...{ account, collected_at: moment(STEPS - 40 + n * 4) },
      readings: Object.fromEntries(
        [...metricIds, 'images.total'].map((id) => [id, chance.pick([0, 1, 7, 3_000_000_000])]),
      ),
    })),
  );
  const uuid = (kind: string, n: number) => `${kind}${n.toString(16).padStart(31, '0')}`;
  const schedules = counted(12).map((n) => ({
    ...{
      uuid: uuid('a', n),
      account: chance.pick(accounts),
      scope: n % 3 === 0 ? ('global' as const) : ('account' as const),
    },
    ...{ name: chance.pick(['daily', 'da_ly', 'Weekly']), enabled: chance.often(0.5), created_at: moment(n) },
  }));
  const executions = counted(20).map((n) => {
    const schedule = schedules[n % schedules.length]!;
    const status = chance.pick(['queued', 'running', 'complete', 'failed', 'cancelled'] as const);
    const created = chance.whole(10);
    return {
      ...{ uuid: uuid('b', n), account: schedule.account, query_uuid: schedule.uuid, scope: schedule.scope, status },
      created_at: moment(created),
      started_at: status === 'queued' ? null : moment(created + chance.whole(3)),
      finished_at: status === 'queued' || status === 'running' ? null : moment(created + 4),
    };
  });
  return { samples, schedules, executions };
}
