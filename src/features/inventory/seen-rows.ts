import { type RawBuilder, sql } from 'kysely';
import { storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A table of rows below a context, as reports fill it. */
export interface SeenTable {
  table: string;
  /** Columns that tell rows of a context apart, all text. */
  keys: readonly string[];
  /** Further columns with their types. */
  columns: readonly { name: string; type: 'text' | 'jsonb' }[];
  /** Columns in which a row with the same keys may differ. */
  content: readonly string[];
}

const text = (name: string) => ({ name, type: 'text' }) as const;
const jsonb = (name: string) => ({ name, type: 'jsonb' }) as const;

export const SEEN_TABLES = {
  images: {
    table: 'inventory_image',
    keys: ['image_tag', 'image_digest'],
    columns: [text('full_tag')],
    content: ['full_tag'],
  },
  pods: {
    table: 'inventory_pod',
    keys: ['uid'],
    columns: [text('name'), text('node_uid'), jsonb('labels'), jsonb('annotations'), text('hash')],
    content: ['hash'],
  },
  containers: {
    table: 'inventory_container',
    keys: ['owner', 'container_id'],
    columns: [text('name'), text('workload'), text('image_tag'), text('image_digest')],
    content: ['name', 'workload', 'image_tag', 'image_digest'],
  },
  services: {
    table: 'inventory_ecs_service',
    keys: ['arn'],
    columns: [jsonb('tags'), text('hash')],
    content: ['hash'],
  },
  tasks: {
    table: 'inventory_ecs_task',
    keys: ['arn'],
    columns: [text('service_arn'), text('task_definition_arn'), jsonb('tags'), text('hash')],
    content: ['hash'],
  },
} as const satisfies Record<string, SeenTable>;

/** Kinds of rows below a context. */
export type SeenKind = keyof typeof SEEN_TABLES;
export const SEEN_KINDS = Object.keys(SEEN_TABLES) as SeenKind[];

/** A row of a report with the context it belongs to. */
export type SeenRow = { context_id: number } & Record<string, string | number | null>;

/** Rows in the form of one array for each column. */
function unnested(rows: readonly SeenRow[], columns: readonly { name: string; type: string }[]): RawBuilder<unknown> {
  const arrays = columns.map(({ name }) => {
    const values = rows.map((row) => {
      const value = row[name];
      return value === null || value === undefined ? null : storableText(String(value));
    });
    return sql`${values}::text[]`;
  });
  const names = sql.join(columns.map(({ name }) => sql.ref(name)));
  return sql`unnest(${rows.map((row) => row.context_id)}::bigint[], ${sql.join(arrays)}) as given (context_id, ${names})`;
}

/**
 * Writes rows of a report of an account: new ones, changed ones, and those that had been gone. Rows that are the same as before
 * are not touched. A late report brings what is missing, changes nothing and leaves what it brings as gone again at `now`.
 * Returns how many are new.
 */
export async function writeSeen(
  db: Db,
  account: string,
  spec: SeenTable,
  rows: readonly SeenRow[],
  { now, late }: { now: Date; late: boolean },
): Promise<number> {
  if (rows.length === 0) return 0;
  const all = [...spec.keys.map(text), ...spec.columns];
  const names = sql.join(all.map(({ name }) => sql.ref(name)));
  const values = sql.join(
    all.map(({ name, type }) => (type === 'jsonb' ? sql`given.${sql.ref(name)}::jsonb` : sql`given.${sql.ref(name)}`)),
  );
  const differs = sql`(${sql.join(spec.content.map((name) => sql`held.${sql.ref(name)}`))}) is distinct from
    (${sql.join(spec.content.map((name) => sql`excluded.${sql.ref(name)}`))})`;
  const action = late
    ? sql`set last_seen = greatest(held.last_seen, excluded.last_seen) where held.last_seen is not null`
    : sql`set ${sql.join(spec.columns.map(({ name }) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`))},
            last_updated = case when ${differs} then excluded.last_updated else held.last_updated end,
            last_seen = null
          where held.last_seen is not null or ${differs}`;
  const { rows: counted } = await sql<{ added: number }>`
    with written as (
      insert into ${sql.table(spec.table)} as held
        (account, context_id, ${names}, created_at, last_updated, last_seen)
      select ${account}, given.context_id, ${values}, ${now}::timestamptz, ${now}::timestamptz, ${late ? now : null}::timestamptz
      from ${unnested(rows, all)}
      on conflict (context_id, ${sql.join(spec.keys.map((key) => sql.ref(key)))}) do update ${action}
      returning (xmax = 0) as added)
    select count(*) filter (where added)::int as added from written`.execute(db);
  return counted[0]?.added ?? 0;
}

/**
 * Rows of these contexts of an account that a report lacks: closed with the time at which their context was last seen,
 * or deleted, those that were closed before too.
 */
export async function closeUnseen(
  db: Db,
  account: string,
  spec: SeenTable,
  contexts: readonly number[],
  rows: readonly SeenRow[],
  remove: boolean,
): Promise<void> {
  if (contexts.length === 0) return;
  const keys = spec.keys.map(text);
  const same = sql.join(
    keys.map(({ name }) => sql`given.${sql.ref(name)} = held.${sql.ref(name)}`),
    sql` and `,
  );
  const absent =
    rows.length === 0
      ? sql`true`
      : sql`not exists (select 1 from ${unnested(rows, keys)} where given.context_id = held.context_id and ${same})`;
  const of = sql`held.account = ${account} and held.context_id = any(${contexts}::bigint[]) and ${absent}`;
  await (remove
    ? sql`delete from ${sql.table(spec.table)} held where ${of}`
    : sql`update ${sql.table(spec.table)} held set last_seen = c.last_seen from inventory_context c
          where c.id = held.context_id and held.last_seen is null and ${of}`
  ).execute(db);
}
