import { GraphQLError, getOperationAST, getVariableValues, parse } from 'graphql';
import { type ReportExecution, type ReportScope, reportSchema, streamReport } from '#features/reports/index.ts';
import { badRequest } from '#shared/errors.ts';
import { type Cron, CronError, parseCron } from '#shared/schedule/cron.ts';
import { nextRun } from '#shared/schedule/next-run.ts';
import { findTimeZone, type TimeZone } from '#shared/schedule/time-zone.ts';

/** When a schedule is due. Throws AppError 400 that names the field. */
export function checkTimes(cronText: string, zoneName: string): { cron: Cron; zone: TimeZone } {
  const zone = findTimeZone(zoneName);
  if (!zone) throw badRequest(`'${zoneName.slice(0, 100)}' is not a time zone: use a name like UTC or Europe/Berlin`);
  try {
    return { cron: parseCron(cronText), zone };
  } catch (error) {
    if (error instanceof CronError) throw badRequest(`cronSchedule: ${error.message}`);
    throw error;
  }
}

/** The next time, or null for never. */
export function nextTime(cronText: string, zoneName: string, after: Date): Date | null {
  const { cron, zone } = checkTimes(cronText, zoneName);
  return nextRun(cron, zone, after) ?? null;
}

/** Checks that a document can be run as a list of rows, with its variables. Throws AppError 400 that says what is wrong. */
export function checkQuery(
  reports: ReportExecution,
  scope: ReportScope,
  query: string,
  variables: Record<string, unknown>,
): void {
  try {
    streamReport(reports, { scope, query, variables });
    const operation = getOperationAST(parse(query));
    const coerced = getVariableValues(reportSchema(), operation?.variableDefinitions ?? [], variables, {
      maxErrors: 5,
    });
    if (coerced.errors?.[0]) throw coerced.errors[0];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [place] = error.locations ?? [];
    throw badRequest(`query: ${error.message}${place ? ` (line ${place.line}, column ${place.column})` : ''}`);
  }
}
