import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fetcher } from '#shared/fetcher.ts';
import { openSource } from '../build/source.ts';
import { FeedError } from '../feed-error.ts';
import type { DownloadProgress } from './download.ts';
import { asUnreachable, download, fileSha256 } from './download.ts';
import type { Listing } from './listing.ts';
import { archiveUrl, LISTING_LIMIT, listingUrl, parseListing, statusWarning } from './listing.ts';
import { archiveKind, unpackDatabase } from './unpack.ts';

/** Where a database comes from, and where it may be kept while it is read. */
export interface FeedOptions {
  /** Folder or URL of a listing (`latest.json`), an archive (.tar.zst, .tar.gz, .tar) or a bare `vulnerability.db`. */
  location: string;
  /** Folder for downloads and the unpacked file. Made when absent; all that is put there goes with `dispose`. */
  directory: string;
  fetcher: Fetcher;
  /** Checksum of the build in use: a listing that offers the same is not downloaded again. */
  known?: string | undefined;
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** A database ready to be indexed. */
export interface FetchedDatabase {
  /** `sha256:…` of the archive, or of the bare file. */
  checksum: string;
  /** `6.1.9`. */
  schemaVersion: string;
  /** When it was built, RFC 3339. */
  builtAt: string;
  /** Where it came from, for people. */
  source: string;
  /** The archive as fetched, verified. */
  archivePath: string;
  /** The SQLite file in it; the same path for a bare file. */
  databasePath: string;
  listing?: Listing;
  /** For people: a deprecated or ended kind of database. */
  warnings: string[];
  /** Removes what was downloaded and unpacked; the operator's own files stay. */
  dispose(): Promise<void>;
}

/** What a listing offers without its archive being fetched; undefined for archives and bare files. */
export async function readListing(
  options: Pick<FeedOptions, 'location' | 'fetcher' | 'signal'>,
): Promise<{ listing: Listing; base: string } | undefined> {
  if (/^https?:/i.test(options.location)) {
    if (/\.(?:tar|tgz|tar\.\w+|db)$/i.test(new URL(options.location).pathname)) return undefined;
    return remoteListing(listingUrl(options.location), options);
  }
  const path = localPath(options.location);
  const info = await stat(path).catch((cause: unknown) => {
    throw new FeedError('unreachable', `there is no vulnerability database at ${path}`, cause);
  });
  const file = info.isDirectory() ? await listingIn(path) : path;
  if (file === undefined || !file.endsWith('.json')) return undefined;
  if ((await stat(file)).size > LISTING_LIMIT) throw new FeedError('bad-listing', `${file} is too large for a listing`);
  return { listing: parseListing(await readFile(file, 'utf8')), base: file };
}

async function listingIn(directory: string): Promise<string | undefined> {
  for (const name of ['latest.json', 'v6/latest.json']) {
    const file = join(directory, name);
    if (await exists(file)) return file;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function localPath(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location) : resolve(location);
}

async function remoteListing(
  url: string,
  options: Pick<FeedOptions, 'fetcher' | 'signal'>,
): Promise<{ listing: Listing; base: string }> {
  try {
    const response = await options.fetcher.request(url, options.signal === undefined ? {} : { signal: options.signal });
    if (response.status !== 200) {
      for await (const _ of response.body) break;
      throw new FeedError(
        'unreachable',
        `the vulnerability database service answered ${response.status} for its listing`,
      );
    }
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
      size += part.length;
      if (size > LISTING_LIMIT)
        throw new FeedError('bad-listing', 'the listing of the vulnerability database is too large');
      parts.push(part);
    }
    return { listing: parseListing(Buffer.concat(parts).toString('utf8')), base: response.url };
  } catch (error) {
    if (options.signal?.aborted)
      throw new FeedError('aborted', 'the import of the vulnerability database was cancelled', error);
    throw asUnreachable(error, url);
  }
}

/**
 * Gets a database: reads the listing, downloads (continuing an earlier try) and verifies the archive, and unpacks it.
 * Returns undefined when the listing offers the `known` one. Throws `FeedError`; then nothing is left behind but a
 * partial download that the next call continues.
 */
export async function fetchDatabase(options: FeedOptions): Promise<FetchedDatabase | undefined> {
  const found = await readListing(options);
  if (found && found.listing.checksum === options.known) return undefined;
  await mkdir(options.directory, { recursive: true });
  const remote = found ? /^https?:/i.test(found.base) : /^https?:/i.test(options.location);
  const source = found
    ? remote
      ? archiveUrl(found.listing, found.base)
      : join(dirname(found.base), found.listing.path)
    : options.location;
  const temporary: string[] = [];
  try {
    const file = remote ? await downloaded(options, source, temporary, found?.listing.checksum) : await local(source);
    const fetched = await opened(
      file,
      { ...options, source: options.location, expected: found?.listing.checksum },
      temporary,
    );
    const warning = found ? statusWarning(found.listing.status) : undefined;
    return {
      ...fetched,
      ...(warning === undefined ? {} : { warnings: [warning] }),
      ...(found ? { listing: found.listing } : {}),
    };
  } catch (error) {
    await removeAll(temporary);
    throw error;
  }
}

/**
 * Opens an archive or bare file that is on this machine already. `checksum`, when given, must be its own. Throws
 * `FeedError`; then nothing is left behind.
 */
export async function openArchiveDatabase(
  path: string,
  options: { checksum?: string; source?: string; directory: string; signal?: AbortSignal },
): Promise<FetchedDatabase> {
  const temporary: string[] = [];
  try {
    await mkdir(options.directory, { recursive: true });
    return await opened(
      await local(path),
      { ...options, source: options.source ?? path, expected: options.checksum },
      temporary,
    );
  } catch (error) {
    await removeAll(temporary);
    throw error;
  }
}

/** Verifies the checksum, unpacks, and looks whether the file inside is a database that can be read. */
async function opened(
  file: { path: string; sha256: string },
  options: { directory: string; source: string; expected: string | undefined; signal?: AbortSignal },
  temporary: string[],
): Promise<FetchedDatabase> {
  const checksum = `sha256:${file.sha256}`;
  if (options.expected !== undefined && options.expected.toLowerCase() !== checksum) {
    throw new FeedError(
      'checksum-mismatch',
      `the archive has the checksum ${checksum}, expected was ${options.expected}: get it again`,
    );
  }
  const databasePath = await unpacked(file.path, checksum, options, temporary);
  const source = openSource(databasePath);
  const { schemaVersion, builtAt } = source;
  source.close();
  return {
    checksum,
    schemaVersion,
    builtAt,
    source: options.source,
    archivePath: file.path,
    databasePath,
    warnings: [],
    dispose: () => removeAll(temporary),
  };
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}

async function downloaded(
  options: FeedOptions,
  url: string,
  temporary: string[],
  expected: string | undefined,
): Promise<{ path: string; sha256: string }> {
  // The name depends on the content where that is known, so that only a part of this very archive is continued.
  const name = createHash('sha256')
    .update(expected ?? url)
    .digest('hex')
    .slice(0, 32);
  const path = join(options.directory, `download-${name}.partial`);
  if (expected === undefined) await rm(path, { force: true });
  const sha256 = await download({
    url,
    target: path,
    fetcher: options.fetcher,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  temporary.push(path);
  return { path, sha256 };
}

async function local(path: string): Promise<{ path: string; sha256: string }> {
  const file = localPath(path);
  const info = await stat(file).catch((cause: unknown) => {
    throw new FeedError('unreachable', `there is no vulnerability database at ${file}`, cause);
  });
  const inside = info.isDirectory() ? join(file, 'vulnerability.db') : file;
  if (!(await exists(inside)))
    throw new FeedError('unreachable', `the folder ${file} holds neither latest.json nor vulnerability.db`);
  return { path: inside, sha256: await fileSha256(inside) };
}

async function unpacked(
  path: string,
  checksum: string,
  options: { directory: string; signal?: AbortSignal },
  temporary: string[],
): Promise<string> {
  const kind = await archiveKind(path);
  if (kind === 'sqlite') return path;
  const target = join(options.directory, `unpacked-${checksum.slice(7, 39)}-${randomUUID()}.db`);
  temporary.push(target);
  await unpackDatabase(path, kind, target, options.signal);
  return target;
}
