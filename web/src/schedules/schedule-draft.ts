import { documentOf, PREPARED_REPORTS, type PreparedReport, scopedReport } from '#contract/prepared-reports.ts';
import type { ReportSchedule } from '#contract/windlass-report-schedules.ts';
import { type FilterValues, reportSearch, reportVariables } from '../reports/report-search.ts';

/** A prepared report as somebody asks it. */
export interface AskedReport {
  report: PreparedReport;
  columns: PreparedReport['columns'];
  values: FilterValues;
  global: boolean;
}

/** What a scheduled query asks: a prepared report, or a document of its own. */
export type ScheduleSource =
  | { kind: 'report'; asked: AskedReport }
  | { kind: 'document'; document: string; variables: string };

/** A scheduled query as its form holds it. */
export interface ScheduleDraft {
  name: string;
  description: string;
  source: ScheduleSource;
  cron: string;
  zone: string;
  enabled: boolean;
  delta: boolean;
  keepCount: number | '';
  keepDays: number | '';
  timeoutMinutes: number | '';
}

/** A form to begin with. */
export function newDraft(asked: AskedReport): ScheduleDraft {
  return {
    name: asked.report.title,
    description: '',
    source: { kind: 'report', asked },
    cron: '0 6 * * *',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    enabled: true,
    delta: false,
    keepCount: '',
    keepDays: '',
    timeoutMinutes: '',
  };
}

/** The form of a query that is there. */
export function draftOf(schedule: ReportSchedule): ScheduleDraft {
  return {
    name: schedule.name,
    description: schedule.description ?? '',
    source: sourceOf(schedule),
    cron: schedule.cron_schedule,
    zone: schedule.time_zone,
    enabled: schedule.enabled,
    delta: schedule.delta,
    keepCount: schedule.keep_count ?? '',
    keepDays: schedule.keep_days ?? '',
    timeoutMinutes: schedule.timeout_seconds === null ? '' : Math.max(1, Math.round(schedule.timeout_seconds / 60)),
  };
}

/** The prepared report that a stored query is; else its document. */
export function sourceOf({ query, variables, columns, scope }: ReportSchedule): ScheduleSource {
  const global = scope === 'global';
  const values = reportSearch(variables);
  for (const prepared of PREPARED_REPORTS) {
    const report = scopedReport(prepared, global);
    const shown = report.columns.filter(({ path }) => columns?.some((column) => column.path === path));
    if (shown.length === 0 || documentOf(report, shown) !== query) continue;
    // variables that the form does not know would be lost
    if (Object.keys(reportVariables(report, values)).length !== Object.keys(variables).length) continue;
    return { kind: 'report', asked: { report, columns: shown, values, global } };
  }
  return { kind: 'document', document: query, variables: JSON.stringify(variables, null, 2) };
}

/** What is stored of a form. Throws SyntaxError when the variables are no JSON object. */
export function bodyOf(draft: ScheduleDraft) {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...queryOf(draft.source),
    cron_schedule: draft.cron.trim(),
    time_zone: draft.zone,
    enabled: draft.enabled,
    delta: draft.delta,
    keep_count: draft.keepCount === '' ? null : draft.keepCount,
    keep_days: draft.keepDays === '' ? null : draft.keepDays,
    timeout_seconds: draft.timeoutMinutes === '' ? null : draft.timeoutMinutes * 60,
  };
}

function queryOf(source: ScheduleSource) {
  if (source.kind === 'report') {
    const { report, columns, values } = source.asked;
    return {
      query: documentOf(report, columns),
      variables: reportVariables(report, values),
      columns: columns.map(({ path, heading }) => ({ path, heading })),
    };
  }
  const variables: unknown = source.variables.trim() === '' ? {} : JSON.parse(source.variables);
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables))
    throw new SyntaxError('The variables must be a JSON object.');
  return { query: source.document, variables: variables as Record<string, unknown>, columns: null };
}
