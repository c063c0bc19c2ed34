import { sql } from 'kysely';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { withPresentEpss } from '#features/findings/index.ts';
import type { ReportContext } from '../execution/context.ts';
import { reportError } from '../execution/report-error.ts';
import { all, inRange, inScope, namesTags, textIs, vulnerabilityConditions } from './conditions.ts';
import type { FindingFilter } from './filters.ts';
import { type FindingSelection, onlyJudged } from './findings.ts';
import { type ImageKnowledge, imagesWanted, type ListedImage } from './image-set.ts';
import { type BaseImage, type BaseImages, basesOf, baseTable } from './inherited.ts';
import { judgedFindings } from './judged.ts';
import { readsWhole } from './key-statements.ts';
import { listedPackages } from './package-list.ts';
import { runningImages } from './running.ts';

/** What runs is many joins away: so much more of it is looked up once. */
const MANY_IMAGES = 20_000;

/** Looks up what the statements of a filter need. `runtime`: only images that run; `tagged`: only images that have a tag. */
export async function prepareSelection(
  context: ReportContext,
  filter: FindingFilter,
  options: { runtime?: boolean; tagged?: boolean } = {},
): Promise<FindingSelection> {
  const corrected = await areCorrected(context);
  const selection: FindingSelection = {
    context,
    filter,
    corrected,
    tagged: options.tagged === true || namesTags(filter),
    records: await recordsInRange(context, filter),
    judged: undefined,
    running: options.runtime ? runningImages(context, filter) : undefined,
    known: {},
    fewImages: false,
    packages: await listedPackages(context, filter.artifact, corrected),
    bases: undefined,
  };
  const images = await listedImages(selection);
  if (images) know(selection.known, images, context.limits.fewImages);
  if (selection.known.list) selection.fewImages = await areFew(context, selection.known.list);
  selection.bases = await baseImages(selection);
  selection.judged = await judgements(selection);
  await narrowToJudged(selection);
  return selection;
}

/** Where only judged findings count, only their images are in question. */
async function narrowToJudged({ context, judged, known, running, filter, tagged }: FindingSelection): Promise<void> {
  const only = judged && onlyJudged(judged);
  if (!only || known.list) return;
  const pairs = [...new Map(only.map((one) => [`${one.account}\n${one.digest}`, one])).values()];
  const rows = await context.rows<ListedImage>(sql`
    select i.account, i.analysis_id, i.digest, i.image_id
    from unnest(${pairs.map(({ account }) => account)}::text[], ${pairs.map(({ digest }) => digest)}::text[]) j(account, digest)
    join image i on i.account = j.account and i.digest = j.digest
    where i.analysis_id is not null and ${imagesWanted({ context, running, filter, tagged })}`);
  know(known, rows, context.limits.fewImages);
}

/** Do accounts correct packages? Mostly none does: then statements need not look for it. */
export async function areCorrected(context: ReportContext): Promise<boolean> {
  const rows = await context.rows(
    sql`select 1 from analysis_package_override x where ${all([inScope('x.account', context, {})])} limit 1`,
  );
  return rows.length > 0;
}

async function listedImages(selection: FindingSelection): Promise<ListedImage[] | undefined> {
  const { context, filter, running, tagged } = selection;
  const most = running === undefined ? context.limits.fewImages : MANY_IMAGES;
  const narrowed = tagged || running !== undefined || textIs('i.digest', filter.image?.digest) !== undefined;
  if (!narrowed) {
    const some = await context.rows(sql`
      select 1 from image i where ${all([inScope('i.account', context, filter)])} limit ${most + 1}`);
    if (some.length > most) return undefined;
  }
  const rows = await context.rows<ListedImage>(sql`
    select i.account, i.analysis_id, i.digest, i.image_id from image i
    where i.analysis_id is not null and ${imagesWanted(selection)} limit ${most + 1}`);
  return rows.length > most ? undefined : rows;
}

/** Keeps the images in question: as a list where they are few. */
function know(known: ImageKnowledge, images: ListedImage[], few: number): void {
  if (images.length <= few) {
    known.list = images.sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0));
    return;
  }
  known.set = {
    accounts: images.map(({ account }) => account),
    analyses: images.map(({ analysis_id }) => analysis_id),
  };
}

async function areFew(context: ReportContext, images: readonly ListedImage[]): Promise<boolean> {
  const some = await context.rows(sql`select 1 from analysis limit ${images.length * 20 + 1}`);
  return readsWhole(images.length, some.length);
}

async function baseImages(selection: FindingSelection): Promise<BaseImages | undefined> {
  const { context, filter, known } = selection;
  if (typeof filter.vulnerability?.inheritedFromBase !== 'boolean') return undefined;
  const wanted = known.list
    ? sql`unnest(${known.list.map((one) => one.account)}::text[], ${known.list.map((one) => one.analysis_id)}::bigint[])`
    : sql`(select i.account, i.analysis_id from image i where i.analysis_id is not null and ${imagesWanted(selection)})`;
  return baseTable(await context.rows<BaseImage>(basesOf(context, wanted)));
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
