import type { Readable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';
import { FeedError } from '#engine/vulnerabilities/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { headOf, isBundleHead, readBundle } from './bundle.ts';
import { archiveKey, databaseCopy } from './gather.ts';
import type { LocalFiles } from './local-files.ts';
import { DATABASE_SOURCE, type SourceCopy } from './source-store.ts';
import type { RunningJob, SyncDependencies } from './sync-dependencies.ts';

/** An uploaded file that lies in the object store. */
export interface FeedUpload {
  key: string;
  checksum: string;
  /** Name of the data set that it was uploaded as. */
  feed?: string | undefined;
}

/** Takes an uploaded file: a bundle of sources, a database, or one further source. Throws `FeedError`. */
export async function takeUpload(
  deps: SyncDependencies,
  upload: FeedUpload,
  files: LocalFiles,
  job: RunningJob,
): Promise<SourceCopy[]> {
  const head = await headOf(await opened(deps.objects, upload.key), 512);
  if (isBundleHead(head)) return takeBundle(deps.objects, upload.key);
  if (upload.feed === undefined || upload.feed === DATABASE_SOURCE) {
    const build = await deps.openArchive(upload.key, upload.checksum, job.signal);
    files.setDatabase(build);
    return [await databaseCopy(deps, { ...build, source: 'upload' }, 'imported')];
  }
  const copy = await deps.localCopy(upload.key);
  files.add(upload.feed, copy);
  const key = archiveKey(upload.checksum);
  await deps.objects.put(key, await opened(deps.objects, upload.key));
  const size = (await deps.objects.head(key))?.size ?? 0;
  return [importedCopy({ name: upload.feed, kind: 'records', checksum: upload.checksum, size, location: 'upload' })];
}

async function opened(objects: ObjectStore, key: string): Promise<Readable> {
  const object = await objects.open(key);
  if (!object) throw new FeedError('unreachable', 'the uploaded file is gone from the object store');
  return object;
}

/** Stores every source of a bundle under its own checksum; sources that are there already are only checked. */
async function takeBundle(objects: ObjectStore, key: string): Promise<SourceCopy[]> {
  const manifest = await readBundle(await opened(objects, key), async (source, bytes) => {
    const target = archiveKey(source.checksum);
    if ((await objects.head(target))?.size === source.size) {
      for await (const _ of bytes);
      return;
    }
    // The checksum is known at the end of the stream: until then the object must not stand under its name.
    const incoming = `uploads/feeds/incoming-${source.checksum.slice(7)}`;
    await objects.put(incoming, ReadableStream.from(bytes));
    await objects.put(target, await opened(objects, incoming));
    await objects.delete(incoming);
  });
  return manifest.sources.map((source) => importedCopy(source));
}

function importedCopy(source: {
  name: string;
  kind: SourceCopy['kind'];
  checksum: string;
  size: number;
  location: string;
  schema_version?: string | null;
  captured_at?: string | null;
}): SourceCopy {
  const { name, kind, checksum, size, location, schema_version = null, captured_at } = source;
  return {
    name,
    kind,
    origin: 'imported',
    location,
    checksum,
    object_key: archiveKey(checksum),
    size,
    schema_version,
    captured_at: captured_at === undefined ? new Date().toISOString() : captured_at,
    etag: null,
    last_modified: null,
  };
}
