import { createHash } from 'node:crypto';
import type { Db } from '#platform/database/types.ts';
import { DATABASE_SOURCE, listSources, type SourceCopy } from './source-store.ts';
import { type BuildSource, currentBuild, findBuild } from './store.ts';

/** What a build is to be made of. */
export interface BuildPlan {
  /** Address of the content: equal sources give an equal checksum. */
  checksum: string;
  schemaVersion: string;
  /** RFC 3339. */
  builtAt: string;
  /** Where it came from, for people. */
  source: string;
  /** In the order in which they count: of equal records the earlier source's stands. */
  sources: BuildSource[];
}

/**
 * The sources that are to make the next build: the last good copies, and in their place what a look brought. Undefined
 * when there is nothing yet.
 */
export async function planBuild(
  db: Db,
  candidates: readonly SourceCopy[],
  configured: readonly string[],
): Promise<BuildPlan | undefined> {
  const copies = new Map<string, BuildSource>();
  const base = await legacyDatabase(db);
  if (base) copies.set(base.name, base);
  for (const row of await listSources(db)) {
    if (row.checksum === null || row.object_key === null) continue;
    const wanted = row.kind === 'grype-v6' || row.origin === 'imported' || configured.includes(row.name);
    if (wanted) copies.set(row.name, sourceOf(row as typeof row & { checksum: string; object_key: string }));
  }
  for (const candidate of candidates) copies.set(candidate.name, sourceOf(candidate));
  if (copies.size === 0) return undefined;
  const rank = ({ name, kind }: BuildSource): number => {
    const at = configured.indexOf(name);
    return kind === 'grype-v6' ? -1 : at === -1 ? configured.length : at;
  };
  const sources = [...copies.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const [first] = sources as [BuildSource, ...BuildSource[]];
  const ages = sources.flatMap(({ captured_at: at }) => at ?? []).sort();
  return {
    checksum: planChecksum(sources),
    schemaVersion: first.schema_version ?? '6.1.9',
    builtAt: (first.kind === 'grype-v6' ? first.captured_at : ages.at(-1)) ?? new Date().toISOString(),
    source: sources.length === 1 ? first.location : sources.map(({ name }) => name).join(' + '),
    sources,
  };
}

/** A database alone goes by the checksum of its archive, as clients know it. */
function planChecksum(sources: readonly BuildSource[]): string {
  const [first] = sources;
  if (sources.length === 1 && first?.kind === 'grype-v6') return first.checksum;
  const content = JSON.stringify(sources.map(({ name, kind, checksum }) => [name, kind, checksum]));
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function sourceOf(row: {
  name: string;
  kind: string;
  checksum: string;
  object_key: string;
  size: number | null;
  schema_version: string | null;
  captured_at: Date | string | null;
  location: string;
}): BuildSource {
  const { name, checksum, object_key, size, schema_version, captured_at, location } = row;
  return {
    name,
    kind: row.kind as BuildSource['kind'],
    checksum,
    object_key,
    size: Number(size ?? 0),
    schema_version,
    captured_at: captured_at === null ? null : new Date(captured_at).toISOString(),
    location,
  };
}

/** The database of a build that was taken before sources were kept apart. */
async function legacyDatabase(db: Db): Promise<BuildSource | undefined> {
  const build = await currentBuild(db);
  if (!build?.archive_key || (build.sources as BuildSource[]).length > 0) return undefined;
  return {
    name: DATABASE_SOURCE,
    kind: 'grype-v6',
    checksum: build.checksum,
    object_key: build.archive_key,
    size: Number(build.archive_size ?? 0),
    schema_version: build.schema_version,
    captured_at: build.built_at.toISOString(),
    location: build.source,
  };
}

/** Why the plan need not, or must not, be carried out; undefined when it is to be. */
export async function decidedAlready(db: Db, { checksum }: BuildPlan): Promise<string | undefined> {
  const build = await findBuild(db, checksum);
  if (build?.state === 'current') return 'this build is already in use';
  if (build?.state === 'held')
    return `this build is held (${(build.reasons as string[]).join('; ')}): approve or reject ${checksum}`;
  if (build?.state === 'rejected') return 'this build was rejected';
  return undefined;
}
