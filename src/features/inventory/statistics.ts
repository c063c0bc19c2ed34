import { sql } from 'kysely';
import type { Statistic } from '#features/system/index.ts';
import type { Db } from '#platform/database/types.ts';

const NAMED = {
  kubernetes: { namespace: 'inventory_context', node: 'inventory_node', pod: 'inventory_pod' },
  ecs: { service: 'inventory_ecs_service', task: 'inventory_ecs_task' },
} as const;

/** Numbers of the runtime inventory of the installation: all-time and at present. */
export function inventoryStatistics(): Statistic[] {
  const kubernetes = ['namespace', 'image', 'node', 'pod', 'container'] as const;
  const ecs = ['container', 'service', 'task', 'image'] as const;
  return [
    ...kubernetes.flatMap((kind) => pair(`kubernetes_${kind}`, 'Kubernetes', kind)),
    ...ecs.flatMap((kind) => pair(`ecs_${kind}`, 'ECS', kind)),
  ];
}

function pair<N extends string>(name: N, words: string, kind: string): Statistic[] {
  const type = words === 'ECS' ? 'ecs' : 'kubernetes';
  return [
    {
      name: `${name}_creation` as Statistic['name'],
      description: `${words} ${kind}s reported, all-time`,
      read: (db) => allTime(db, `${name}_creation`),
    },
    {
      name: `${name}_inventory` as Statistic['name'],
      description: `${words} ${kind}s at present`,
      read: (db) => present(db, type, kind),
    },
  ];
}

async function allTime(db: Db, name: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select value::float8 as n from statistic where name = ${name}`.execute(db);
  return rows[0]?.n ?? 0;
}

async function present(db: Db, type: 'kubernetes' | 'ecs', kind: string): Promise<number> {
  const table = (NAMED[type] as Record<string, string>)[kind];
  const { rows } = await (table === undefined
    ? sql<{ n: number }>`
        select count(*)::float8 as n
        from ${sql.table(kind === 'image' ? 'inventory_image' : 'inventory_container')} t
        join inventory_context c on c.id = t.context_id
        join reported_cluster k on k.id = c.cluster_id and k.inventory_type = ${type}`
    : sql<{ n: number }>`
        select count(*)::float8 as n from ${sql.table(table)}
        ${table === 'inventory_context' ? sql`where uid <> ''` : sql``}`
  ).execute(db);
  return rows[0]?.n ?? 0;
}
