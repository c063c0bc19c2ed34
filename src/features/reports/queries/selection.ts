import { sql } from 'kysely';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { withPresentEpss } from '#features/findings/index.ts';
import type { ReportContext } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import { all, inRange, inScope, namesTags, textIs, vulnerabilityConditions } from './conditions.ts';
import type { FindingFilter } from './filters.ts';
import { type FindingSelection, sets } from './findings.ts';
import { judgedFindings } from './judged.ts';
import { runningImages } from './running.ts';

/** Up to so many images, their packages are looked at first; beyond, each vulnerability is looked up among all packages. */
const FEW_IMAGES = 300;

/** Looks up what the statements of a filter need. `runtime`: only images that run. */
export async function prepareSelection(
  context: ReportContext,
  filter: FindingFilter,
  options: { runtime?: boolean } = {},
): Promise<FindingSelection> {
  const selection: FindingSelection = {
    context,
    filter,
    records: await recordsInRange(context, filter),
    judged: undefined,
    running: options.runtime ? runningImages(context, filter) : undefined,
    fewImages: false,
  };
  selection.judged = await judgements(selection);
  selection.fewImages = await hasFewImages(selection);
  return selection;
}

async function hasFewImages(selection: FindingSelection): Promise<boolean> {
  const { context, filter, running } = selection;
  const narrowed = namesTags(filter) || running !== undefined || textIs('i.digest', filter.image?.digest) !== undefined;
  const images = narrowed
    ? sql`${sets(selection, { images: true })} select 1 from img limit ${FEW_IMAGES + 1}`
    : sql`select 1 from image i where ${all([inScope('i.account', context, filter)])} limit ${FEW_IMAGES + 1}`;
  const rows = await context.rows<{ n: number }>(sql`select count(*)::int as n from (${images}) few`);
  return (rows[0]?.n ?? 0) <= FEW_IMAGES;
}

/** The likelihood of exploitation changes daily and is read from the vulnerability data, not from what is stored. */
async function recordsInRange(context: ReportContext, filter: FindingFilter): Promise<FindingSelection['records']> {
  const { epssScore, epssPercentile } = filter.vulnerability ?? {};
  if (!epssScore && !epssPercentile) return undefined;
  const rows = await context.rows<Pick<VulnerabilityDetail, 'id' | 'namespace' | 'epss'>>(sql`
    select v.id, v.namespace, v.detail -> 'epss' as epss from vulnerability v
    where ${all(vulnerabilityConditions(filter.vulnerability))}`);
  const fitting = rows.filter((row) => {
    const { epss } = withPresentEpss(row as VulnerabilityDetail, context.index);
    return inRange(epss?.score, epssScore) && inRange(epss?.percentile, epssPercentile);
  });
  return { ids: fitting.map(({ id }) => id), namespaces: fitting.map(({ namespace }) => namespace) };
}

async function judgements(selection: FindingSelection): Promise<FindingSelection['judged']> {
  const { annotationStatus, missingAnnotation } = selection.filter.vulnerability ?? {};
  const statuses = annotationStatus && annotationStatus.length > 0 ? new Set<string>(annotationStatus) : undefined;
  const missing = typeof missingAnnotation === 'boolean' ? missingAnnotation : undefined;
  if (!statuses && missing === undefined) return undefined;
  if (statuses && missing)
    throw reportError('FILTER_INVALID', 'annotationStatus and missingAnnotation: true exclude each other');
  const found = await judgedFindings(selection);
  return {
    ofStatus: statuses ? found.filter(({ status }) => statuses.has(status)) : undefined,
    missing: missing === undefined ? undefined : found,
    wantsMissing: missing ?? false,
  };
}
