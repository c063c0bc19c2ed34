import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** Values of one tenant that must never be seen by another, with where they stand. */
export interface TenantValue {
  table: string;
  column: string;
  value: string;
}

interface Column {
  table_name: string;
  column_name: string;
  data_type: string;
  required: boolean;
}

interface ForeignKey {
  table_name: string;
  columns: string[];
  target: string;
  target_columns: string[];
}

/** Columns without a marker: what a row means, not whose it is. */
const NEUTRAL = /_?(type|status|state|source|action|level|category|version|kind|key_type|value)$|^subscription_type$/;

/**
 * Puts a row of the account into every table with a column `account`, whatever the columns are: found in the
 * catalogue of the database, so that tables added later take part. `overrides` give values by `table.column` where
 * made-up ones would not do. Returns all texts that belong to the account.
 */
export async function fillTenant(
  db: Db,
  account: string,
  overrides: Record<string, unknown> = {},
): Promise<TenantValue[]> {
  const columns = await readColumns(db);
  const keys = await readForeignKeys(db);
  const checks = await readChecks(db);
  const tables = inOrder([...new Set(columns.map((column) => column.table_name))], keys);
  const owned = new Set(
    columns.filter((column) => column.column_name === 'account').map((column) => column.table_name),
  );
  const rows = new Map<string, Record<string, unknown>>([['account', { name: account }]]);
  const values: TenantValue[] = [];
  for (const table of tables) {
    const row: Record<string, unknown> = {};
    for (const column of columns.filter((candidate) => candidate.table_name === table)) {
      const name = column.column_name;
      const override = overrides[`${table}.${name}`];
      const linked = linkedValue(keys, rows, table, name);
      if (override !== undefined) row[name] = override;
      else if (name === 'account') row[name] = account;
      else if (linked !== undefined) row[name] = linked;
      else if (checks.has(`${table}.${name}`)) row[name] = checks.get(`${table}.${name}`);
      else if (column.required) row[name] = madeUp(account, column);
    }
    rows.set(table, { ...row, ...(await insertRow(db, table, row)) });
    // What tables without an account hold belongs to nobody: they are filled to be referred to.
    if (!owned.has(table)) continue;
    for (const [column, value] of Object.entries(row)) {
      if (typeof value === 'string' && column !== 'account' && isTelling(account, value))
        values.push({ table, column, value });
    }
  }
  return values;
}

function isTelling(account: string, value: string): boolean {
  return value.includes(account) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) || /^sha256:/.test(value);
}

function madeUp(account: string, { table_name, column_name, data_type }: Column): unknown {
  if (data_type === 'uuid') return randomUUID();
  if (data_type === 'text') {
    if (column_name === 'digest' || column_name.endsWith('_digest'))
      return `sha256:${randomUUID().replaceAll('-', '').repeat(2)}`;
    return NEUTRAL.test(column_name) ? 'any' : `${account}-${table_name}-${column_name}`;
  }
  if (data_type === 'jsonb') return JSON.stringify({ marker: `${account}-${table_name}-${column_name}` });
  if (data_type === 'boolean') return false;
  if (data_type.startsWith('timestamp')) return new Date();
  if (data_type === 'ARRAY') return [];
  return 1;
}

function linkedValue(
  keys: readonly ForeignKey[],
  rows: ReadonlyMap<string, Record<string, unknown>>,
  table: string,
  column: string,
): unknown {
  for (const key of keys) {
    const at = key.table_name === table ? key.columns.indexOf(column) : -1;
    const value = at < 0 ? undefined : rows.get(key.target)?.[key.target_columns[at] ?? ''];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Tables after those that they refer to. */
function inOrder(tables: readonly string[], keys: readonly ForeignKey[]): string[] {
  const ordered: string[] = [];
  const visit = (table: string, trail: readonly string[]): void => {
    if (ordered.includes(table) || trail.includes(table)) return;
    for (const key of keys)
      if (key.table_name === table && tables.includes(key.target)) visit(key.target, [...trail, table]);
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}

/** Returns the row as stored, with the ids that the database gave. */
async function insertRow(
  db: Db,
  table: string,
  row: Record<string, unknown>,
): Promise<Record<string, unknown> | undefined> {
  const names = sql.join(Object.keys(row).map((name) => sql.ref(name)));
  const values = sql.join(Object.values(row).map((value) => sql`${value}`));
  const { rows } = await sql<
    Record<string, unknown>
  >`insert into ${sql.table(table)} (${names}) values (${values}) on conflict do nothing returning *`.execute(db);
  return rows[0];
}

async function readColumns(db: Db): Promise<Column[]> {
  const { rows } = await sql<Column>`
    with recursive wanted as (
      select format('%I', table_name)::regclass as name from information_schema.columns
      where table_schema = current_schema() and column_name = 'account'
      union
      select k.confrelid::regclass from pg_constraint k join wanted w on k.conrelid = w.name where k.contype = 'f')
    select c.table_name, c.column_name, c.data_type,
      c.is_nullable = 'NO' and c.column_default is null and c.is_identity = 'NO' and c.is_generated = 'NEVER' as required
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
      and format('%I', c.table_name)::regclass in (select name from wanted)
    order by c.table_name, c.ordinal_position`.execute(db);
  return rows;
}

async function readForeignKeys(db: Db): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select k.conrelid::regclass::text as table_name, k.confrelid::regclass::text as target,
      (select array_agg(a.attname::text order by p.n) from unnest(k.conkey) with ordinality p (num, n)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.num) as columns,
      (select array_agg(a.attname::text order by p.n) from unnest(k.confkey) with ordinality p (num, n)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.num) as target_columns
    from pg_constraint k where k.contype = 'f'`.execute(db);
  return rows;
}

/** The first allowed value of columns with a list of such. */
async function readChecks(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ table_name: string; definition: string }>`
    select conrelid::regclass::text as table_name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'c'`.execute(db);
  const found = new Map<string, string>();
  for (const { table_name, definition } of rows) {
    const match = /\((\w+) = (?:ANY \(ARRAY\[)?'([^']+)'/.exec(definition);
    if (match) found.set(`${table_name}.${match[1]}`, match[2] as string);
  }
  return found;
}
