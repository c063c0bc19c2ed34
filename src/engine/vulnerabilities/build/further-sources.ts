import { join } from 'node:path';
import { FeedError } from '../feed-error.ts';
import type { IndexMeta, SourceReport } from '../index/format.ts';
import { readSource } from '../sources/read-source.ts';
import type { SourceItem } from '../sources/types.ts';
import { rangeCheck } from './check-range.ts';
import { type Enrichment, enrichment } from './enrich.ts';
import { mergeContext } from './merge-context.ts';
import { mergeDetails, mergePackages } from './merge-sources.ts';
import { openStaging, type Staging } from './staging.ts';
import type { IndexWriter } from './writer.ts';

/** A source beside the Grype database. */
export interface FurtherSource {
  /** Name in the operator's settings. */
  name: string;
  /** Local file or folder. */
  path: string;
  /** When its content was made or fetched, RFC 3339: the age of providers that do not tell their own. */
  capturedAt?: string;
}

/** Told while sources are read and merged. */
export interface MergeProgress {
  /** Folder for files of the merge. */
  scratch: string;
  onRead(records: number): void;
  onStaged(records: number): void;
  onMerged(records: number): void;
}

const READ_STEP = 1000;

/**
 * Adds what further sources hold to an index in which the first source is written already: reads them one after the
 * other into a file, sorts it, and merges. Of equal records the earlier source's stays. Throws `FeedError`.
 */
export async function mergeFurtherSources(
  writer: IndexWriter,
  meta: IndexMeta,
  sources: readonly FurtherSource[],
  progress: MergeProgress,
): Promise<void> {
  await writer.reopen();
  const staging = openStaging(join(progress.scratch, 'staging.db'));
  try {
    const overlays = enrichment(writer, meta);
    const found: Found = { captured: new Map(), ages: [], providers: [] };
    const reports: SourceReport[] = [];
    for (const [at, source] of sources.entries()) {
      reports.push(
        await stage(source, at, { staging, overlays, scratch: progress.scratch, found, onRead: progress.onRead }),
      );
    }
    progress.onStaged(staging.records);
    const check = rangeCheck((kind, times) => {
      meta.anomalies[kind] = (meta.anomalies[kind] ?? 0) + times;
    });
    const context = mergeContext({
      staging,
      writer,
      meta,
      check,
      duplicate: ({ source }) => {
        const report = reports[source];
        if (report) report.duplicates++;
      },
      step: progress.onMerged,
    });
    mergePackages(context);
    context.flushNames();
    const counts = mergeDetails(context);
    writer.flush();
    overlays.finish(staging.knownExploited);
    addProviders(meta, counts, found);
    meta.sources = reports;
  } finally {
    staging.close();
  }
}

interface Found {
  captured: Map<string, { capturedAt?: string; version?: string }>;
  /** Age of the source in which a provider was met first. */
  ages: (string | undefined)[];
  providers: [provider: string, source: number][];
}

async function stage(
  source: FurtherSource,
  at: number,
  into: { staging: Staging; overlays: Enrichment; scratch: string; found: Found; onRead(records: number): void },
): Promise<SourceReport> {
  const { staging, overlays, found } = into;
  const report: SourceReport = { name: source.name, records: 0, duplicates: 0, anomalies: {} };
  const seen = new Set<string>();
  found.ages.push(source.capturedAt);
  const take = (item: SourceItem): void => {
    if (item.kind === 'anomaly') {
      report.anomalies[item.text] = (report.anomalies[item.text] ?? 0) + 1;
      return;
    }
    if (item.kind === 'provider') {
      const { provider, capturedAt, version } = item;
      found.captured.set(provider, { ...(capturedAt ? { capturedAt } : {}), ...(version ? { version } : {}) });
      overlays.provider(item);
      return;
    }
    report.records++;
    if (item.kind === 'advisory') {
      const { provider } = item.advisory;
      if (!seen.has(provider)) found.providers.push([provider, at]);
      seen.add(provider);
      staging.addAdvisory(item.advisory, at);
    } else if (item.kind === 'known-exploited') staging.addKnownExploited(item.cve, item.entry);
    else overlays.take(item, source.capturedAt);
  };
  try {
    let read = 0;
    for await (const item of readSource(source.path, { name: source.name, scratch: into.scratch })) {
      take(item);
      if (++read % READ_STEP === 0) into.onRead(READ_STEP);
    }
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    const failed = new FeedError(error.code, `source ${source.name}: ${error.message}`, error);
    failed.source = source.name;
    throw failed;
  }
  return report;
}

function addProviders(meta: IndexMeta, counts: ReadonlyMap<string, number>, found: Found): void {
  for (const [provider, records] of counts) {
    const known = meta.providers.find(({ id }) => id === provider);
    if (known) {
      known.records += records;
      continue;
    }
    const { capturedAt, version } = found.captured.get(provider) ?? {};
    const source = found.providers.find(([id]) => id === provider)?.[1];
    const age = capturedAt ?? (source === undefined ? undefined : found.ages[source]);
    meta.providers.push({ id: provider, version: version ?? '', records, ...(age ? { capturedAt: age } : {}) });
  }
  if (meta.builtAt === '') {
    const ages = found.ages.filter((age): age is string => age !== undefined).sort();
    meta.builtAt =
      ages.at(-1) ??
      meta.providers
        .map(({ capturedAt = '' }) => capturedAt)
        .sort()
        .at(-1) ??
      '';
  }
}
