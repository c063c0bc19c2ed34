import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import { columnsOf, LEFT_ALONE, newValue } from './crowd.ts';

/** Tables with a column `account`, which hold rows of accounts. */
async function ownedTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.column_name = 'account'
    order by 1`.execute(db);
  return rows.map(({ name }) => name).filter((name) => name !== 'account');
}

/** Writes that others do while somebody turns pages, to every table at once. */
export interface Churn {
  /** Touches every row of an account as an update would: new versions of the rows, new times of the last change. */
  update(account: string): Promise<void>;
  /** Adds rows like those of the account, made now. Returns how many tables took some. */
  insert(account: string): Promise<number>;
  /** Removes rows that `insert` added. */
  remove(account: string): Promise<void>;
  /** Puts all times of each table into a few equal ones: what tells rows apart is left to the order of the list. */
  levelTimes(account: string): Promise<void>;
}

export async function churnOf(db: Db): Promise<Churn> {
  const tables = await ownedTables(db);
  const columns = new Map(await Promise.all(tables.map(async (name) => [name, await columnsOf(db, name)] as const)));
  let round = 0;

  /** A table that cannot take such a write is left as it is. */
  async function attempt(write: () => Promise<unknown>): Promise<number> {
    try {
      await write();
      return 1;
    } catch {
      return 0;
    }
  }

  return {
    async update(account) {
      for (const [table, list] of columns) {
        const touched = list.filter(({ name }) => /^last_(updated|seen|used_at)$/.test(name));
        const [any] = list;
        const set = touched.length
          ? sql.join(touched.map(({ name }) => sql`${sql.ref(name)} = now() - random() * interval '1 second'`))
          : sql`${sql.ref(any!.name)} = ${sql.ref(any!.name)}`;
        await attempt(() => sql`update ${sql.table(table)} set ${set} where account = ${account}`.execute(db));
      }
    },
    async insert(account) {
      round += 1;
      let taken = 0;
      for (const [table, list] of columns) {
        if (LEFT_ALONE.has(table)) continue;
        const given = list.filter((column) => !column.made);
        const names = sql.join(given.map((column) => sql.ref(column.name)));
        const values = sql.join(given.map((column) => newValue(column, `churn${round}`)));
        taken += await attempt(() =>
          sql`insert into ${sql.table(table)} (${names}) select ${values} from
            (select * from ${sql.table(table)} where account = ${account} order by random() limit 2) t
            cross join generate_series(1, 1) n on conflict do nothing`.execute(db),
        );
      }
      return taken;
    },
    async remove(account) {
      for (const [table, list] of columns) {
        const marked = list.find(({ unique, type, link }) => unique && !link && type === 'text');
        if (!marked || marked.name === 'account') continue;
        await attempt(() =>
          sql`delete from ${sql.table(table)} where account = ${account}
            and ${sql.ref(marked.name)} like '%-churn%'`.execute(db),
        );
      }
    },
    async levelTimes(account) {
      for (const [table, list] of columns)
        for (const { name } of list.filter(({ type }) => type.startsWith('timestamp')))
          await attempt(() =>
            sql`update ${sql.table(table)} set ${sql.ref(name)} = date_trunc('day', ${sql.ref(name)})
              where account = ${account} and ${sql.ref(name)} < now() - interval '1 second'`.execute(db),
          );
    },
  };
}
