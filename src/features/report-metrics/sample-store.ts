import { type RawBuilder, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** Numbers of an account by metric id. */
export type Readings = Record<string, number>;

/** Of one account, or of all accounts. */
const ofAccount = (column: string, account: string | undefined): RawBuilder<unknown> =>
  account === undefined ? sql`true` : sql`${sql.ref(column)} = ${account}`;

/** Stores what was counted at one moment, for several accounts. A second sample of a moment is left out. */
export async function insertSamples(db: Db, at: Date, samples: ReadonlyMap<string, Readings>): Promise<void> {
  const rows = [...samples].map(([account, readings]) => ({ account, readings }));
  await sql`
    insert into metric_sample (account, collected_at, readings)
    select r.account, ${at.toISOString()}::timestamptz, r.readings
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(account text, readings jsonb)
    join account a on a.name = r.account
    on conflict do nothing`.execute(db);
}

/** When the newest sample was taken; of one account, or of any account. */
export async function newestSample(db: Db, account: string | undefined): Promise<Date | undefined> {
  const { rows } = await sql<{ collected_at: Date }>`
    select collected_at from metric_sample where ${ofAccount('account', account)}
    order by collected_at desc limit 1`.execute(db);
  return rows[0]?.collected_at;
}

/** The last sample of each step of a window, the oldest first; steps begin at `from`. */
export async function readSeries(
  db: Db,
  account: string,
  { from, to, stepSeconds }: { from: Date; to: Date; stepSeconds: number },
): Promise<{ collected_at: Date; readings: Readings }[]> {
  const { rows } = await sql<{ collected_at: Date; readings: Readings }>`
    select distinct on (step) collected_at, readings from (
      select collected_at, readings,
        date_bin(make_interval(secs => ${stepSeconds}), collected_at, ${from.toISOString()}::timestamptz) as step
      from metric_sample
      where account = ${account} and collected_at >= ${from.toISOString()}::timestamptz
        and collected_at < ${to.toISOString()}::timestamptz) s
    order by step, collected_at desc`.execute(db);
  return rows;
}

/** Removes samples of all accounts that were taken before a moment. */
export async function expireSamples(db: Db, before: Date): Promise<void> {
  await sql`delete from metric_sample where collected_at < ${before.toISOString()}::timestamptz`.execute(db);
}

/** Which values: ids, window, and whose. */
export interface DataSelection {
  /** Undefined: of every account. */
  account: string | undefined;
  ids: readonly string[];
  from: string | undefined;
  before: string | undefined;
  /** Time, id and account of the last value of the page before. */
  after: readonly [string, string, string] | undefined;
}

/** One value. */
export interface Datum {
  account: string;
  metric: string;
  value: string;
  collected_at: Date;
}

const dataTables = (selection: DataSelection): RawBuilder<unknown> => {
  const { account, ids, from, before, after } = selection;
  const [time, id, owner] = after ?? [];
  return sql`
    from metric_sample s cross join lateral jsonb_each_text(s.readings) r
    where ${ofAccount('s.account', account)} and r.key = any(${[...ids]}::text[])
      ${from === undefined ? sql`` : sql`and s.collected_at >= ${from}::timestamptz`}
      ${before === undefined ? sql`` : sql`and s.collected_at < ${before}::timestamptz`}
      ${
        time === undefined
          ? sql``
          : sql`and s.collected_at <= ${time}::timestamptz and (s.collected_at < ${time}::timestamptz
              or r.key collate "C" < ${id} or (r.key = ${id} and s.account collate "C" > ${owner}))`
      }`;
};

/** Statement that reads values, the newest first, then by id descending; of one account, or of every account. */
export function selectData(selection: DataSelection, limit: number): RawBuilder<Datum> {
  return sql<Datum>`
    select s.account, r.key as metric, r.value, s.collected_at ${dataTables(selection)}
    order by s.collected_at desc, r.key collate "C" desc, s.account collate "C" limit ${limit}`;
}

/** Statement that counts values; of one account, or of every account. */
export function countData(selection: DataSelection): RawBuilder<{ n: number }> {
  return sql<{ n: number }>`select count(*)::float8 as n ${dataTables(selection)}`;
}
