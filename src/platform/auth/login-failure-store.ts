import { sql } from 'kysely';
import type { Db } from '../database/types.ts';

/** Failed logins of a key. */
export interface LoginFailures {
  key: string;
  failures: number;
  blocked_until: Date;
}

/** A failure to be counted: a key, and how many failures it may have without a block. */
export interface CountedKey {
  key: string;
  free: number;
}

/** How blocks grow; times in milliseconds. */
export interface BlockRules {
  firstBlockMs: number;
  maxBlockMs: number;
  forgetMs: number;
}

/** Failures of the keys that are not forgotten yet, and whether a place is one where the user signed in before. */
export async function readLoginFailures(
  db: Db,
  keys: readonly string[],
  home: string,
  now: Date,
): Promise<{ failures: LoginFailures[]; homeSeenAt: Date | undefined }> {
  const { rows } = await sql<LoginFailures & { is_home: boolean }>`
    select key, failures, blocked_until, false as is_home
    from login_failure where key = any (${keys}::text[]) and forgotten_at > ${now}
    union all
    select key, 0, seen_at, true from login_home where key = ${home}`.execute(db);
  const place = rows.find((row) => row.is_home);
  return { failures: rows.filter((row) => !row.is_home), homeSeenAt: place?.blocked_until };
}

/** Counts one failure of each key, and blocks those beyond their free number for twice as long with each. */
export async function countLoginFailures(
  db: Db,
  keys: readonly CountedKey[],
  now: Date,
  rules: BlockRules,
): Promise<void> {
  const { firstBlockMs, maxBlockMs, forgetMs } = rules;
  // In one order, so that two failures at once do not wait for each other.
  const sorted = [...keys].sort((a, b) => (a.key < b.key ? -1 : 1));
  const names = sorted.map((one) => one.key);
  const free = sorted.map((one) => one.free);
  await sql`
    with counted as (
      select given.key, given.free,
        coalesce((select f.failures from login_failure f where f.key = given.key and f.forgotten_at > ${now}), 0) + 1
          as failures
      from unnest(${names}::text[], ${free}::int[]) as given (key, free)
    ), blocked as (
      select key, failures, ${now}::timestamptz + make_interval(secs => case when failures > free
        then least(${maxBlockMs}::float8, ${firstBlockMs}::float8 * power(2, least(failures - free - 1, 30))) / 1000
        else 0 end) as until
      from counted
    )
    insert into login_failure (key, failures, last_at, blocked_until, forgotten_at)
    select key, failures, ${now}, until, until + make_interval(secs => ${forgetMs}::float8 / 1000)
    from blocked order by key
    on conflict (key) do update set
      failures = greatest(excluded.failures, case when login_failure.forgotten_at > ${now} then login_failure.failures + 1 else 1 end),
      last_at = excluded.last_at,
      blocked_until = greatest(excluded.blocked_until, login_failure.blocked_until),
      forgotten_at = greatest(excluded.forgotten_at, login_failure.forgotten_at)`.execute(db);
}

/** Forgets the failures of a key. */
export async function forgetLoginFailures(db: Db, key: string): Promise<void> {
  await sql`delete from login_failure where key = ${key}`.execute(db);
}

/** Remembers where a user signed in. */
export async function rememberLoginHome(db: Db, key: string, now: Date): Promise<void> {
  await sql`
    insert into login_home (key, seen_at) values (${key}, ${now})
    on conflict (key) do update set seen_at = greatest(login_home.seen_at, excluded.seen_at)`.execute(db);
}

/** Removes what nobody looks at any more. */
export async function expireLoginFailures(db: Db, now: Date, homesBefore: Date): Promise<void> {
  await sql`delete from login_failure where forgotten_at < ${now}`.execute(db);
  await sql`delete from login_home where seen_at < ${homesBefore}`.execute(db);
}
