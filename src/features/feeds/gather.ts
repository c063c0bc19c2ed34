import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FeedError } from '#engine/vulnerabilities/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { LocalFiles } from './local-files.ts';
import { checkedSource, DATABASE_SOURCE, forgetSources, listSources, type SourceCopy } from './source-store.ts';
import { currentBuild } from './store.ts';
import type { FetchedBuild, RunningJob, SyncDependencies } from './sync-dependencies.ts';

/** What a look at all sources brought. */
export interface Gathered {
  /** Sources with new content. */
  candidates: SourceCopy[];
  /** Why others brought nothing, for people. */
  notes: string[];
  /** What kept the database from coming. */
  failure?: unknown;
}

/** Key of a source's file in the object store. */
export function archiveKey(checksum: string): string {
  return `feeds/${checksum.replace(':', '/')}`;
}

/** Stores a source's file once. */
export async function storeArchive(objects: ObjectStore, checksum: string, path: string): Promise<string> {
  const key = archiveKey(checksum);
  const { size } = await stat(path);
  if (((await objects.head(key))?.size ?? -1) !== size) await objects.put(key, createReadStream(path));
  return key;
}

/** Looks at the database's address and at every further source, each by itself: one that fails holds up no other. */
export async function gather(
  deps: SyncDependencies,
  force: boolean,
  files: LocalFiles,
  job: RunningJob,
): Promise<Gathered> {
  const settings = deps.settings();
  const gathered: Gathered = { candidates: [], notes: [] };
  await forgetSources(
    deps.database.db,
    settings.sources.map(({ name }) => name),
  );
  if (settings.url !== 'none') await gatherDatabase(deps, force, files, job, gathered);
  for (const source of settings.sources) await gatherSource(deps, source, force, files, job, gathered);
  return gathered;
}

async function gatherDatabase(
  deps: SyncDependencies,
  force: boolean,
  files: LocalFiles,
  job: RunningJob,
  gathered: Gathered,
): Promise<void> {
  const { db } = deps.database;
  const location = deps.settings().url;
  const source = { name: DATABASE_SOURCE, kind: 'grype-v6' as const, location };
  const known = await knownDatabase(deps);
  try {
    const build = await deps.fetchLatest(force ? undefined : known?.checksum, job);
    if (!build || build.checksum === known?.checksum) {
      await build?.dispose();
      await checkedSource(db, source, null);
      gathered.notes.push('the newest build is already in use');
      return;
    }
    files.setDatabase(build);
    if (!force && known && isOlder(build.builtAt, known.builtAt)) {
      await checkedSource(db, source, null);
      gathered.notes.push(
        `the build offered (${build.builtAt}) is older than the one in use (${known.builtAt.toISOString()})`,
      );
      return;
    }
    gathered.candidates.push(await databaseCopy(deps, build, 'configured'));
  } catch (error) {
    if (job.signal.aborted) throw error;
    gathered.failure = error;
    await noteFailure(deps, source, error as Error);
  }
}

/** A build in use that claims to be of the future would keep all others out: it does not count. */
function isOlder(offered: string, inUse: Date): boolean {
  return inUse.getTime() <= Date.now() + 86_400_000 && new Date(offered) < inUse;
}

async function knownDatabase(deps: SyncDependencies): Promise<{ checksum: string; builtAt: Date } | undefined> {
  const { db } = deps.database;
  const row = (await listSources(db)).find(({ name }) => name === DATABASE_SOURCE);
  if (row?.checksum && row.captured_at) return { checksum: row.checksum, builtAt: row.captured_at };
  const build = await currentBuild(db);
  return build && (build.sources as unknown[]).length === 0
    ? { checksum: build.checksum, builtAt: build.built_at }
    : undefined;
}

/** Keeps the archive of a fetched database. */
export async function databaseCopy(
  deps: Pick<SyncDependencies, 'objects'>,
  build: FetchedBuild,
  origin: SourceCopy['origin'],
): Promise<SourceCopy> {
  return {
    name: DATABASE_SOURCE,
    kind: 'grype-v6',
    origin,
    location: build.source,
    checksum: build.checksum,
    object_key: await storeArchive(deps.objects, build.checksum, build.archivePath),
    size: (await stat(build.archivePath)).size,
    schema_version: build.schemaVersion,
    captured_at: build.builtAt,
    etag: null,
    last_modified: null,
  };
}

async function gatherSource(
  deps: SyncDependencies,
  { name, location }: { name: string; location: string },
  force: boolean,
  files: LocalFiles,
  job: RunningJob,
  gathered: Gathered,
): Promise<void> {
  const { db } = deps.database;
  const row = (await listSources(db)).find((one) => one.name === name);
  const same = row?.location === location;
  const known = {
    ...(row?.checksum ? { checksum: row.checksum } : {}),
    ...(same && !force && row.etag ? { etag: row.etag } : {}),
    ...(same && !force && row.last_modified ? { lastModified: row.last_modified } : {}),
  };
  const source = { name, kind: 'records' as const, location };
  try {
    const fetched = await deps.fetchSource({ name, location }, known, job);
    if (!fetched) return await checkedSource(db, source, null);
    files.add(name, fetched);
    gathered.candidates.push({
      ...source,
      origin: 'configured',
      checksum: fetched.checksum,
      object_key: await storeArchive(deps.objects, fetched.checksum, fetched.path),
      size: fetched.size,
      schema_version: null,
      captured_at: fetched.capturedAt,
      etag: fetched.etag ?? null,
      last_modified: fetched.lastModified ?? null,
    });
  } catch (error) {
    if (job.signal.aborted) throw error;
    gathered.notes.push((error as Error).message);
    await noteFailure(deps, source, error as Error);
  }
}

/** Keeps why a source brought nothing, and tells it once. */
export async function noteFailure(
  deps: Pick<SyncDependencies, 'database'>,
  source: { name: string; kind: SourceCopy['kind']; location: string },
  error: Error | FeedError,
): Promise<void> {
  const { database } = deps;
  const former = (await listSources(database.db)).find(({ name }) => name === source.name);
  await database.transaction(async (tx) => {
    await checkedSource(tx, source, error.message);
    if (source.kind === 'grype-v6' || former?.error === error.message) return;
    await appendEvent(tx, {
      name: 'feed_source_failed',
      account: 'admin',
      resource_id: source.name,
      details: { cause: error.message },
    });
  });
}
