import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import { fillTenant } from '../api/tenant-rows.ts';
import { meaningfulValues } from '../api/two-tenants.ts';

/** A column of a table. */
export interface Column {
  name: string;
  type: string;
  /** The database makes the value. */
  made: boolean;
  unique: boolean;
  /** Refers to another table. */
  link: boolean;
}

/** Tables that `multiplyRows` leaves alone: others fill them, or one row stands for an account. */
export const LEFT_ALONE = new Set([
  'account',
  'app_user',
  'image',
  'tag_mapping',
  'subscription',
  'account_revision',
  'role_member',
]);

/** Puts a row of each account into every table with a column `account`. */
export async function fillAccounts(db: Db, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) await fillTenant(db, account, meaningfulValues(account));
}

/**
 * Repeats every row of every table with a column `account`, with new values in what must be unique and older times.
 * Returns the tables that cannot be multiplied, with the reason: their rows are unique by what they refer to.
 */
export async function multiplyRows(db: Db, times: number): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  const { rows: tables } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.column_name = 'account'
    order by 1`.execute(db);
  for (const { name } of tables) {
    if (LEFT_ALONE.has(name)) continue;
    const columns = (await columnsOf(db, name)).filter((column) => !column.made);
    const names = sql.join(columns.map((column) => sql.ref(column.name)));
    const values = sql.join(columns.map(nextValue));
    try {
      await sql`insert into ${sql.table(name)} (${names}) select ${values} from ${sql.table(name)} t
        cross join generate_series(1, ${times}::int) n on conflict do nothing`.execute(db);
    } catch (error) {
      refused.set(name, (error as Error).message);
    }
    await sql`analyze ${sql.table(name)}`.execute(db);
  }
  return refused;
}

function nextValue({ name, type, unique, link }: Column) {
  const column = sql.ref(`t.${name}`);
  if (type.startsWith('timestamp')) return sql`${column} - n * interval '1 minute'`;
  if (!unique || link || name === 'account') return column;
  if (type === 'uuid') return sql`gen_random_uuid()`;
  if (type === 'text' && /digest$/.test(name)) return sql`'sha256:' || md5(${column} || n) || md5(n || ${column})`;
  if (type === 'text' && name === 'uuid') return sql`md5(${column} || n)`;
  if (type === 'text') return sql`${column} || '-' || n`;
  if (/int|numeric/.test(type)) return sql`${column} + n`;
  return column;
}

/** What a row made now has instead of the value of the row that it is like. */
export function newValue({ name, type, unique, link }: Column, mark: string) {
  const column = sql.ref(`t.${name}`);
  if (type.startsWith('timestamp')) return sql`case when ${column} > now() then ${column} else now() end`;
  if (!unique || link || name === 'account') return column;
  if (type === 'uuid') return sql`gen_random_uuid()`;
  if (type === 'text' && /digest$/.test(name))
    return sql`'sha256:' || md5(${column} || ${mark}) || md5(${mark} || ${column})`;
  if (type === 'text' && name === 'uuid') return sql`md5(${column} || ${mark})`;
  if (type === 'text') return sql`${column} || '-' || ${mark}::text`;
  return column;
}

/** Columns of a table, in their order. */
export async function columnsOf(db: Db, table: string): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select a.attname as name, format_type(a.atttypid, null) as type,
      a.attidentity <> '' or a.attgenerated <> ''
        or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval%', false) as made,
      exists (select 1 from pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any (i.indkey)) as unique,
      exists (select 1 from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'f' and a.attnum = any (k.conkey)) as link
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped
    order by a.attnum`.execute(db);
  return rows;
}
