import { PREPARED_REPORTS, type PreparedReport, scopedReport } from '#contract/prepared-reports.ts';
import { REPORT_FILTERS, type ReportFilter, type ReportFilterName, reportFilter } from '#contract/report-filters.ts';

/** Value of a filter. */
export type FilterValue = string | number | boolean | string[];

/** Values of filters by name. */
export type FilterValues = { readonly [Name in ReportFilterName]?: FilterValue };

/** What is asked of a report, as it stands in the address. */
export interface ReportSearch extends FilterValues {
  /** Paths of the shown columns; without: the usual ones. */
  readonly columns?: string[];
  /** Over all accounts. */
  readonly scope?: 'global';
}

/** Reads the address; what it does not understand is left out. */
export function reportSearch(raw: Record<string, unknown>): ReportSearch {
  const values = Object.entries(REPORT_FILTERS).flatMap(([name, filter]) => {
    const value = filterValue(filter, raw[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const columns = Array.isArray(raw.columns) ? raw.columns.filter((one) => typeof one === 'string') : [];
  return {
    ...Object.fromEntries(values),
    ...(columns.length > 0 ? { columns } : {}),
    ...(raw.scope === 'global' ? { scope: 'global' as const } : {}),
  };
}

/** A value that a filter takes; undefined for anything else. */
export function filterValue(filter: ReportFilter, raw: unknown): FilterValue | undefined {
  const { type, choices } = filter;
  if (choices) {
    const chosen = choices.filter((one) => (Array.isArray(raw) ? raw.includes(one) : raw === one));
    if (chosen.length === 0) return undefined;
    return type.startsWith('[') ? chosen : chosen[0];
  }
  if (type === 'Boolean') return typeof raw === 'boolean' ? raw : undefined;
  if (type === 'Int' || type === 'Float') return numberOf(filter, raw);
  const text = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : '';
  if (type === 'DateTime') return Number.isNaN(Date.parse(text)) ? undefined : text;
  return text === '' ? undefined : text;
}

function numberOf({ type, least, most }: ReportFilter, raw: unknown): number | undefined {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  if ((least !== undefined && value < least) || (most !== undefined && value > most)) return undefined;
  return type === 'Int' && !Number.isInteger(value) ? undefined : value;
}

/** Values of the filters that a report has; the variables of its document. */
export function reportVariables(report: PreparedReport, values: FilterValues): Partial<Record<string, FilterValue>> {
  return Object.fromEntries(
    report.filters.flatMap((name) => {
      const value = values[name];
      return value === undefined || value === switchedBy(report, name) ? [] : [[name, value]];
    }),
  );
}

/** What a switch stands at when nothing is said; undefined for other filters. */
export function switchedBy(report: PreparedReport, name: ReportFilterName): boolean | undefined {
  return report.defaults[name] ?? reportFilter(name).default;
}

/** The columns of the table: those of the address that exist, else the usual ones. */
export function shownColumns(report: PreparedReport, { columns }: ReportSearch): PreparedReport['columns'] {
  const wanted = report.columns.filter(({ path }) => columns?.includes(path));
  return wanted.length > 0 ? wanted : report.columns.filter(({ extra }) => !extra);
}

/** A prepared report by name, in a scope. */
export function findReport(name: string, global: boolean): PreparedReport | undefined {
  const report = PREPARED_REPORTS.find((one) => one.name === name);
  return report && scopedReport(report, global);
}

/** Filters that are set, in words: `Severity: Critical, High`. */
export function filtersInWords(report: PreparedReport, values: FilterValues): string[] {
  return Object.entries(reportVariables(report, values)).map(([name, value]) => {
    const { label } = reportFilter(name as ReportFilterName);
    if (typeof value === 'boolean') return `${label}: ${value ? 'yes' : 'no'}`;
    return `${label}: ${Array.isArray(value) ? value.join(', ') : value}`;
  });
}
