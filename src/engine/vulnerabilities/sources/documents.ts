import { randomUUID } from 'node:crypto';
import { closeSync, createWriteStream, fstatSync, openSync, readSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse as parseYaml } from 'yaml';
import type { ByteSource } from '#engine/formats/byte-source.ts';
import { readZipDirectory, readZipEntry, ZipError } from '#engine/formats/zip/index.ts';
import { FeedError } from '../feed-error.ts';
import { tarMembers } from '../grype-v6/untar.ts';
import { isEpssHead } from './epss.ts';
import { byteKind, fileBytes, HEAD_SIZE, unpackedBytes, withHead } from './packed-bytes.ts';
import { linesOf } from './text-lines.ts';

/** A document inside a source: JSON, lines of CSV, or a SQLite file; or why a file could not be read. */
export type SourceDocument =
  | { path: string; json: unknown }
  | { path: string; lines: AsyncIterable<string> }
  /** A local file, there until the next document is asked for. */
  | { path: string; sqlite: string }
  | { path: string; problem: string };

/** Largest document that is parsed as a whole, bytes. */
const DOCUMENT_LIMIT = 64 * 1024 ** 2;
/** How deep archives may lie in archives. */
const DEPTH = 3;

/** Folders of raw input beside provider results, and files that are no data. */
function isIgnored(path: string): boolean {
  return (
    /(?:^|\/)(?:\.|input\/|node_modules\/|checksums$|listing\.xxh64$|LICENSE|README)/i.test(path) ||
    /\.(?:md|txt|xxh64|sha256|sig|asc|lock|toml|py|sh)$/i.test(path)
  );
}

/**
 * Every document of a file, an archive (zip, tar; packed or not) or a folder, in a stable order for folders. `scratch` is
 * a folder for files that have to be on disk. Throws `FeedError` when the container itself is broken.
 */
export async function* documents(path: string, scratch: string): AsyncGenerator<SourceDocument> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new FeedError('unreachable', `there is no vulnerability data at ${path}`, cause);
  });
  if (info.isDirectory()) {
    for (const name of await filesOf(path)) yield* fileDocuments(join(path, name), name, scratch);
  } else {
    yield* fileDocuments(path, path.split('/').at(-1) ?? path, scratch);
  }
}

/** Files of a folder and its subfolders that may hold data, sorted; `metadata.json` comes before what it speaks of. */
export async function filesOf(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).replace(/^\/+/, ''))
    .filter((name) => !isIgnored(name))
    .sort();
}

async function* fileDocuments(file: string, name: string, scratch: string): AsyncGenerator<SourceDocument> {
  const kind = byteKind(fileHead(file));
  if (kind === 'sqlite') yield { path: name, sqlite: file };
  else if (kind === 'zip') yield* zipDocuments(file, name);
  else yield* streamDocuments(fileBytes(file), name, scratch, DEPTH);
}

async function* streamDocuments(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  scratch: string,
  depth: number,
): AsyncGenerator<SourceDocument> {
  const { head, bytes } = await withHead(stream);
  const kind = byteKind(head);
  if (kind === 'gzip' || kind === 'zstd' || kind === 'xz') {
    if (depth === 0) yield { path: name, problem: 'archive too deep in archives' };
    else yield* streamDocuments(unpackedBytes(bytes, kind), name.replace(/\.(?:gz|zst|xz)$/i, ''), scratch, depth - 1);
  } else if (kind === 'tar') {
    if (depth === 0) yield { path: name, problem: 'archive too deep in archives' };
    else
      for await (const member of tarMembers(bytes)) {
        const inner = member.name.replace(/^\.\//, '');
        if (member.isFile && !isIgnored(inner)) yield* streamDocuments(member.data(), inner, scratch, depth - 1);
      }
  } else if (kind === 'sqlite' || kind === 'zip') {
    yield* spooled(bytes, name, kind, scratch);
  } else {
    yield* textDocuments(bytes, head, name);
  }
}

async function* spooled(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  kind: 'sqlite' | 'zip',
  scratch: string,
): AsyncGenerator<SourceDocument> {
  const file = join(scratch, `document-${randomUUID()}`);
  try {
    await pipeline(Readable.from(bytes), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    if (kind === 'sqlite') yield { path: name, sqlite: file };
    else yield* zipDocuments(file, name);
  } finally {
    await rm(file, { force: true });
  }
}

function fileHead(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_SIZE);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_SIZE, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** A file read at any place, without more of it in memory than is asked for. */
function fileSource(descriptor: number): ByteSource {
  return {
    size: fstatSync(descriptor).size,
    read: (offset, size) => {
      const buffer = Buffer.allocUnsafe(size);
      const read = readSync(descriptor, buffer, 0, size, offset);
      return buffer.subarray(0, read);
    },
  };
}

async function* zipDocuments(file: string, name: string): AsyncGenerator<SourceDocument> {
  const descriptor = openSync(file, 'r');
  try {
    const source = fileSource(descriptor);
    const archive = readZipDirectory(source);
    if (archive.incomplete) yield { path: name, problem: 'more entries in an archive than are read' };
    for (const entry of archive.entries) {
      if (entry.name.endsWith('/') || isIgnored(entry.name)) continue;
      try {
        const bytes = readZipEntry(source, entry, DOCUMENT_LIMIT);
        yield parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'), entry.name);
      } catch (error) {
        if (!(error instanceof ZipError)) throw error;
        yield { path: entry.name, problem: `unreadable archive entry (${error.failure})` };
      }
    }
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    const code = error.failure === 'no-directory' ? 'truncated' : 'corrupt';
    throw new FeedError(code, `the archive ${name} cannot be read: ${error.message}`, error);
  } finally {
    closeSync(descriptor);
  }
}

async function* textDocuments(
  bytes: AsyncIterable<Uint8Array>,
  head: Buffer,
  name: string,
): AsyncGenerator<SourceDocument> {
  const start = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (isEpssHead(start.split(/\r?\n/)[0] ?? '')) {
    yield { path: name, lines: linesOf(bytes) };
    return;
  }
  if (/\.ya?ml$/i.test(name)) {
    const text = await textOfAll(bytes);
    yield text === undefined ? { path: name, problem: 'document too large' } : yamlDocument(text, name);
    return;
  }
  yield* jsonDocuments(bytes, name);
}

/** One JSON document, or one per line: told apart by whether the first line is a document by itself. */
async function* jsonDocuments(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<SourceDocument> {
  const whole: string[] = [];
  let size = 0;
  let byLine: boolean | undefined = /\.(?:jsonl|ndjson)$/i.test(name) ? true : undefined;
  for await (const line of linesOf(bytes)) {
    if (line.trim() === '') continue;
    if (byLine === undefined) {
      const first = parsed(line, name);
      byLine = 'json' in first && typeof first.json === 'object';
      if (byLine) {
        yield first;
        continue;
      }
    } else if (byLine) {
      yield parsed(line, name);
      continue;
    }
    size += line.length;
    if (size > DOCUMENT_LIMIT) {
      yield { path: name, problem: 'document too large' };
      return;
    }
    whole.push(line);
  }
  if (whole.length > 0) yield parsed(whole.join('\n'), name);
}

function parsed(text: string, path: string): SourceDocument {
  if (/\.ya?ml$/i.test(path)) return yamlDocument(text, path);
  try {
    return { path, json: JSON.parse(text) as unknown };
  } catch {
    return { path, problem: 'unreadable JSON' };
  }
}

function yamlDocument(text: string, path: string): SourceDocument {
  try {
    return { path, json: parseYaml(text, { maxAliasCount: 100, schema: 'core' }) as unknown };
  } catch {
    return { path, problem: 'unreadable YAML' };
  }
}

async function textOfAll(bytes: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > DOCUMENT_LIMIT) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
