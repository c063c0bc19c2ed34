import { type RawBuilder, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** Numbers of an account by metric id. */
export type Readings = Record<string, number>;

/** A match that a distribution answers for: it does not count where `owner_id` owns the package. */
export interface AnsweredMatch {
  package_id: number;
  owner_id: number;
  vulnerability: string;
}

/** Of one account, or of all accounts. */
const ofAccount = (column: string, account: string | undefined): RawBuilder<unknown> =>
  account === undefined ? sql`true` : sql`${sql.ref(column)} = ${account}`;

/**
 * Vulnerabilities of each severity, each counted once for each tag and image that has it. One statement over the live
 * matches; of one account, or of all accounts. To be called in a transaction of its own, whose settings it changes.
 */
export async function countVulnerabilities(
  tx: Db,
  account: string | undefined,
  answered: readonly AnsweredMatch[],
): Promise<
  { account: string; severity: string; every: number; current: number; exploited: number; fixable: number }[]
> {
  const counts =
    answered.length === 0
      ? sql`true`
      : sql`not exists (
          select 1 from answered x
          join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by and o.package_id = x.owner_id
          where x.package_id = ap.package_id and x.vulnerability = m.vulnerability)`;
  await sql`select set_config('work_mem', '128MB', true), set_config('jit', 'off', true)`.execute(tx);
  const { rows } = await sql<{
    account: string;
    severity: string;
    every: number;
    current: number;
    exploited: number;
    fixable: number;
  }>`
    with answered as materialized (
      select * from jsonb_to_recordset(${json(answered)}::jsonb) as x(package_id bigint, owner_id bigint, vulnerability text)),
    hit as materialized (
      select package_id, vulnerability, severity, exploited, fixable,
        dense_rank() over (order by vulnerability, severity) as number
      from (
        select m.package_id, m.vulnerability, v.severity, bool_or(v.detail ? 'kev') as exploited,
          bool_or(m.fix_state = 'fixed') as fixable
        from package_match m
        join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
        where m.closed_at is null
        group by m.package_id, m.vulnerability, v.severity) named),
    -- by numbers: there are millions, and names are long
    one as (
      select ap.account, ap.analysis_id, m.number, bool_or(m.exploited) as exploited, bool_or(m.fixable) as fixable
      from hit m join reported_package ap on ap.package_id = m.package_id
      where ${ofAccount('ap.account', account)} and ${counts}
      group by ap.account, ap.analysis_id, m.number),
    found as (
      select account, analysis_id, severity, count(*) as n, count(*) filter (where exploited) as exploited,
        count(*) filter (where fixable) as fixable
      from one join (select distinct number, severity from hit) named using (number)
      group by account, analysis_id, severity),
    tagged as (
      select i.account, i.analysis_id, count(*) as every, count(*) filter (where t.closed_at is null) as current
      from tag_mapping t join image i on i.account = t.account and i.digest = t.digest
      where ${ofAccount('t.account', account)}
      group by i.account, i.analysis_id)
    select account, severity, sum(n * every)::float8 as every, sum(n * current)::float8 as current,
      sum(exploited * current)::float8 as exploited, sum(fixable * current)::float8 as fixable
    from found join tagged using (account, analysis_id)
    group by account, severity`.execute(tx);
  return rows;
}

/** Tags by the newest verdict of the policy that is active now; of one account, or of all accounts. */
export async function countVerdicts(
  db: Db,
  account: string | undefined,
): Promise<{ account: string; status: string; reason: string; every: number; current: number }[]> {
  const { rows } = await sql<{ account: string; status: string; reason: string; every: number; current: number }>`
    with latest as (
      select distinct on (e.account, e.digest, e.tag) e.account, e.digest, e.tag, e.status, e.final_action_reason as reason
      from evaluation e
      join policy p on p.account = e.account and p.active and p.policy_id = e.policy_id
      where e.by_active_policy and ${ofAccount('e.account', account)}
      order by e.account, e.digest, e.tag, e.evaluated_at desc, e.id desc)
    select l.account, l.status, l.reason, count(*)::float8 as every,
      (count(*) filter (where t.closed_at is null))::float8 as current
    from latest l
    join tag_mapping t on t.account = l.account and t.digest = l.digest
      and t.registry || '/' || t.repository || ':' || t.tag = l.tag
    join image i on i.account = l.account and i.digest = l.digest and i.image_status = 'active'
    group by l.account, l.status, l.reason`.execute(db);
  return rows;
}

/** Images by state, and tags; of one account, or of all accounts. */
export async function countImages(
  db: Db,
  account: string | undefined,
): Promise<{ account: string; total: number; analyzed: number; failed: number; tags: number }[]> {
  const { rows } = await sql<{ account: string; total: number; analyzed: number; failed: number; tags: number }>`
    select a.name as account,
      coalesce(i.total, 0)::float8 as total, coalesce(i.analyzed, 0)::float8 as analyzed,
      coalesce(i.failed, 0)::float8 as failed, coalesce(t.tags, 0)::float8 as tags
    from account a
    left join (
      select account, count(*) as total, count(*) filter (where analysis_status = 'analyzed') as analyzed,
        count(*) filter (where analysis_status = 'analysis_failed') as failed
      from image where image_status = 'active' group by account) i on i.account = a.name
    left join (
      select account, count(*) as tags from tag_mapping where closed_at is null group by account) t on t.account = a.name
    where a.state <> 'deleting' and ${ofAccount('a.name', account)}`.execute(db);
  return rows;
}

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
