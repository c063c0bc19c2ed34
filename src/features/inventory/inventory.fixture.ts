import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { KubernetesInventory } from '#contract/kubernetes.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { imagePages } from './image-list.ts';
import { listContainers, listNamespaces, listNodes, listPods } from './object-store.ts';
import { inventoryRetention } from './retention.ts';
import { createInventoryService } from './service.ts';

type Row = Record<'inventory_type' | 'context' | 'image_tag' | 'image_digest', string>;
type Times = Record<'created_at' | 'last_updated' | 'last_seen', Date>;
type Settings = Parameters<typeof inventoryRetention>[0];

/** A uuid made from words. */
export function uid(...words: string[]): string {
  const hex = createHash('sha256').update(words.join(' ')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A digest made from words. */
export function digest(words: string): string {
  return `sha256:${createHash('sha256').update(words).digest('hex')}`;
}

/** Images of pods by namespace: `{ prod: { 'web-1': ['nginx:1.25'] } }`. Digests follow `@` as words. */
export type Namespaces = Record<string, Record<string, string[]>>;

/** The report of an agent. `era` makes namespaces of the same name other ones, `run` gives containers new ids. */
export function kubernetesReport(
  namespaces: Namespaces,
  options: { cluster?: string; timestamp?: string; era?: string; run?: string; node?: string } = {},
): KubernetesInventory {
  const { cluster = 'c1', timestamp = '2026-01-01T00:00:00Z', era = '', run = '', node } = options;
  const pods = Object.entries(namespaces).flatMap(([namespace, list]) =>
    Object.entries(list).map(([name, images]) => ({ namespace, name, images, uid: uid(namespace, name, era) })),
  );
  return {
    cluster_name: cluster,
    timestamp,
    namespaces: Object.keys(namespaces).map((name) => ({ uid: uid(name, era), name })),
    ...(node ? { nodes: [{ uid: uid('node', node), name: node, arch: 'amd64' }] } : {}),
    pods: pods.map((pod) => ({
      uid: pod.uid,
      name: pod.name,
      namespace_uid: uid(pod.namespace, era),
      ...(node ? { node_uid: uid('node', node) } : {}),
    })),
    containers: pods.flatMap((pod) =>
      pod.images.map((image, index) => ({
        id: `containerd://${pod.uid}${index}${run}`,
        name: `c${index}`,
        image_tag: image.split('@')[0]!,
        image_digest: image.includes('@') ? digest(image.split('@')[1]!) : '',
        pod_uid: pod.uid,
      })),
    ),
  };
}

/** The inventory over a test database, with a clock and settings that tests move. */
export async function startInventory() {
  const database = await testDatabase();
  const { db } = database;
  for (const account of ['one', 'two'])
    await sql`insert into account (name, type) values (${account}, 'user')`.execute(db);
  const settings: { -readonly [K in keyof Settings]: Settings[K] } = {
    inventory_ttl_days: undefined,
    inventory_ingest_overwrite: undefined,
    image_ttl_days: undefined,
    image_ingest_overwrite: undefined,
  };
  const clock = { at: new Date('2026-01-01T00:00:00Z') };
  const inventory = createInventoryService({
    database,
    retention: () => inventoryRetention(settings),
    now: () => clock.at,
  });
  const everything = { page: 1, page_size: 1000 };
  return {
    database,
    inventory,
    settings,
    clock,
    /** Moves the clock by hours. */
    later(hours: number): void {
      clock.at = new Date(clock.at.getTime() + hours * 3_600_000);
    },
    now: () => clock.at.toISOString(),
    async images(account = 'one') {
      const rows: (Row & Times)[] = [];
      for await (const page of imagePages(db, account, {}, inventory.cutoff())) {
        for (const row of JSON.parse(`[${page}]`) as (Row & Record<keyof Times, string>)[]) {
          const { created_at, last_updated, last_seen, ...rest } = row;
          const times = [created_at, last_updated, last_seen].map((time) => new Date(time)) as [Date, Date, Date];
          rows.push({ ...rest, created_at: times[0], last_updated: times[1], last_seen: times[2] });
        }
      }
      return rows;
    },
    /** `context tag` of every image row. */
    async lines(account = 'one'): Promise<string[]> {
      return (await this.images(account)).map(({ context, image_tag }) => `${context} ${image_tag}`);
    },
    pods: async (account = 'one') => listPods(db, account, inventory.cutoff(), everything),
    containers: async (account = 'one') => listContainers(db, account, 'kubernetes', inventory.cutoff(), everything),
    namespaces: async (account = 'one') => listNamespaces(db, account, inventory.cutoff(), everything),
    nodes: async (account = 'one') => listNodes(db, account, inventory.cutoff(), everything),
    async clear(): Promise<void> {
      await sql`delete from reported_cluster`.execute(db);
      clock.at = new Date('2026-01-01T00:00:00Z');
      for (const key of Object.keys(settings)) (settings as Record<string, unknown>)[key] = undefined;
    },
  };
}
