import type { RawBuilder } from 'kysely';
import type { Db } from '#platform/database/types.ts';
import { REPORT_COUNTS } from './statistic-store.ts';

const read = (statement: RawBuilder<{ n: number }>) => async (db: Db) => (await statement.execute(db)).rows[0]?.n ?? 0;

/** Numbers about the installation: scheduled queries, and their runs. */
export const reportStatistics = [
  {
    name: 'report_generation',
    description: 'Runs of scheduled queries, all-time',
    read: read(REPORT_COUNTS.generated),
  },
  { name: 'report_inventory', description: 'Scheduled queries at present', read: read(REPORT_COUNTS.schedules) },
  {
    name: 'report_execution_inventory',
    description: 'Runs of scheduled queries at present',
    read: read(REPORT_COUNTS.executions),
  },
] as const;
