import type { FeedBuild as BuildView, FeedProvider, FeedSource } from '#contract/windlass-feeds.ts';
import { present } from '#shared/present.ts';
import type { listSources } from './source-store.ts';
import type { BuildSource, listBuilds, ProviderCount } from './store.ts';

type BuildRow = Awaited<ReturnType<typeof listBuilds>>[number];
type SourceRow = Awaited<ReturnType<typeof listSources>>[number];

function iso(time: Date | string | null | undefined): string | undefined {
  return time === null || time === undefined ? undefined : new Date(time).toISOString();
}

/** An address without what may be secret in it. */
export function shownLocation(location: string): string {
  return location.replace(/^(https?:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/, '');
}

/** A build as the API shows it. */
export function buildView(row: BuildRow): BuildView {
  const report = row.report as BuildView['report'];
  return {
    checksum: row.checksum,
    schema_version: row.schema_version,
    built_at: row.built_at.toISOString(),
    received_at: row.received_at.toISOString(),
    source: shownLocation(row.source),
    state: row.state as BuildView['state'],
    reasons: row.reasons as string[],
    sources: (row.sources as BuildSource[]).map(({ name, kind, checksum, size, captured_at: at }) => ({
      name,
      kind,
      checksum,
      size,
      ...(at === null ? {} : { captured_at: at }),
    })),
    records: (row.providers as ProviderCount[]).reduce((sum, { records }) => sum + records, 0),
    ...(report && Object.keys(report).length > 0 ? { report } : {}),
    ...present({
      switched_at: iso(row.switched_at),
      error: row.error,
      archive_size: row.archive_size,
      decided_by: row.decided_by,
      decided_at: iso(row.decided_at),
    }),
  };
}

/** A source as the API shows it. */
export function sourceView(row: SourceRow): FeedSource {
  return {
    name: row.name,
    kind: row.kind as FeedSource['kind'],
    origin: row.origin as FeedSource['origin'],
    location: shownLocation(row.location),
    state: row.error !== null ? 'failing' : row.checksum === null ? 'waiting' : 'good',
    ...present({
      checksum: row.checksum,
      size: row.size,
      captured_at: iso(row.captured_at),
      fetched_at: iso(row.fetched_at),
      checked_at: iso(row.checked_at),
      error: row.error,
    }),
  };
}

/** Providers of a build with their age. A date ahead of this machine's clock counts as now. */
export function providerViews(
  build: { built_at: Date; providers: unknown },
  options: { now: Date; maxAgeDays: number; excluded: readonly string[]; alarms: ReadonlyMap<string, Date> },
): FeedProvider[] {
  return (build.providers as ProviderCount[]).map(({ id, records, capturedAt }) => {
    const captured = capturedAt === undefined ? build.built_at : new Date(capturedAt);
    const age = Math.max(0, Math.floor((options.now.getTime() - captured.getTime()) / 1000));
    const since = options.alarms.get(id);
    return {
      provider: id,
      record_count: records,
      captured_at: captured.toISOString(),
      age_seconds: age,
      state: age > options.maxAgeDays * 86_400 ? 'stale' : 'fresh',
      excluded: options.excluded.includes(id),
      ...(since === undefined ? {} : { stale_since: since.toISOString() }),
    };
  });
}
