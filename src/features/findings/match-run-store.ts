import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** One bringing of all packages from one state of the vulnerability data to another. */
export interface MatchRun {
  id: number;
  checksum: string;
  stamp: string;
  from_run: number | null;
  from_checksum: string | null;
  /** Facts of vulnerabilities may be of another build, which was left half-way. */
  mends: boolean;
}

/** The run whose results hold, and the one that is under way. */
export interface RunState {
  current?: MatchRun;
  running?: MatchRun;
}

/**
 * Held until the transaction ends. Shared by those who write results under a run, alone by those who begin or end one:
 * what a run leaves untouched must not change under it.
 */
export async function lockRuns(tx: Db, mode: 'shared' | 'exclusive'): Promise<void> {
  const call = sql.raw(mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock');
  await sql`select ${call}(hashtext('match_run'), 0)`.execute(tx);
}

export async function runState(db: Db): Promise<RunState> {
  const rows = await db
    .selectFrom('match_run')
    .select(['id', 'checksum', 'stamp', 'from_run', 'from_checksum', 'mends', 'state'])
    .where('state', 'in', ['running', 'current'])
    .execute();
  const state: RunState = {};
  for (const { state: name, ...run } of rows) state[name as keyof RunState] = run;
  return state;
}

export async function insertRun(tx: Db, run: Omit<MatchRun, 'id'>): Promise<MatchRun> {
  const { id } = await tx
    .insertInto('match_run')
    .values({ ...run, state: 'running' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, ...run };
}

/**
 * Ends a run that did not come to its end. Packages that it matched have to be matched again; what it changed counts as
 * changed by its heir, which tells of it.
 */
export async function abandonRun(tx: Db, id: number): Promise<void> {
  await tx
    .updateTable('match_run')
    .set({ state: 'ended', completed_at: new Date() })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** Hands over what an abandoned run changed. */
export async function inheritChanges(tx: Db, from: number, heir: number): Promise<void> {
  await sql`update package_match set opened_run = ${heir} where opened_run = ${from}`.execute(tx);
  await sql`update package_match set closed_run = ${heir} where closed_run = ${from}`.execute(tx);
  await sql`update vulnerability_change set run = ${heir} where run = ${from}`.execute(tx);
}

/** Notes that a run has to match everything, whatever it started from. */
export async function runMatchesAll(tx: Db, id: number): Promise<void> {
  await tx.updateTable('match_run').set({ from_run: null }).where('id', '=', id).execute();
}

/** Makes a run the one whose results hold. Those before it hold on when it started from them. */
export async function completeRun(tx: Db, run: MatchRun, counts: Record<string, number>): Promise<void> {
  const before = run.from_run === null ? ['current', 'former'] : ['current'];
  await tx
    .updateTable('match_run')
    .set({ state: run.from_run === null ? 'ended' : 'former' })
    .where('state', 'in', before)
    .execute();
  await tx
    .updateTable('match_run')
    .set({ state: 'current', counts: json(counts), completed_at: new Date() })
    .where('id', '=', run.id)
    .execute();
}

/** Runs whose results hold, as a subquery. */
export const VALID_RUNS = sql<number>`(select v.id from match_run v where v.state in ('current', 'former'))`;

/** Packages that a run has to match because no result of theirs holds, in id order after `afterId`. */
export async function packagesWithoutResult(db: Db, run: number, afterId: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select p.id from package p
    left join package_result r on r.package_id = p.id
    where p.id > ${afterId}
      and (r.package_id is null or (r.run <> ${run} and r.run not in ${VALID_RUNS}))
    order by p.id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Packages that a run has not matched yet, in id order after `afterId`; run 0 has matched none. */
export async function packagesBehind(db: Db, run: number, afterId: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select p.id from package p
    left join package_result r on r.package_id = p.id
    where p.id > ${afterId} and r.run is distinct from ${run}
    order by p.id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Search names looked for in one statement. */
const NAMES = 2_000;

/** Packages that have one of these names or types, less those that the run has matched; run 0 has matched none. */
export async function packagesTouched(
  db: Db,
  run: number,
  touched: { searchNames: ReadonlySet<string>; packageTypes: ReadonlySet<string> },
): Promise<Set<number>> {
  const found = new Set<number>();
  const names = [...touched.searchNames];
  for (let start = 0; start < names.length; start += NAMES) {
    const { rows } = await sql<{ id: number }>`
      select p.id from package p left join package_result r on r.package_id = p.id
      where p.search_names && ${names.slice(start, start + NAMES)}::text[]
        and r.run is distinct from ${run}`.execute(db);
    for (const { id } of rows) found.add(id);
  }
  if (touched.packageTypes.size > 0) {
    const { rows } = await sql<{ id: number }>`
      select p.id from package p left join package_result r on r.package_id = p.id
      where p.type = any(${[...touched.packageTypes]}::text[]) and r.run is distinct from ${run}`.execute(db);
    for (const { id } of rows) found.add(id);
  }
  return found;
}
