import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** Numbers of the installation, over all accounts: schedules and runs now, and runs that were ever asked for. */
export const REPORT_COUNTS = {
  schedules: sql<{ n: number }>`select count(*)::float8 as n from scheduled_query`,
  executions: sql<{ n: number }>`select count(*)::float8 as n from scheduled_query_execution`,
  generated: sql<{ n: number }>`select value::float8 as n from statistic where name = 'report_generation'`,
};

/** Counts a run for the numbers of the installation, over all accounts. */
export async function countGeneration(db: Db): Promise<void> {
  await sql`
    insert into statistic (name, value) values ('report_generation', 1)
    on conflict (name) do update set value = statistic.value + 1`.execute(db);
}
