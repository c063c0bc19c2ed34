import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { FeedError, tarBytes, tarMembers } from '#engine/vulnerabilities/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { BuildSource } from './store.ts';

/** First file of a bundle. */
export const MANIFEST = 'windlass-feed-bundle.json';

const MANIFEST_LIMIT = 1024 * 1024;

const Manifest = z.object({
  format: z.literal(1),
  /** Checksum of the build that these sources make. */
  checksum: z.string(),
  built_at: z.string(),
  created_at: z.string(),
  sources: z
    .array(
      z.object({
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
        kind: z.enum(['grype-v6', 'records']),
        checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        size: z.int().nonnegative(),
        schema_version: z.string().nullable(),
        captured_at: z.string().nullable(),
        location: z.string(),
      }),
    )
    .min(1)
    .max(1000),
});

/** What a bundle says of itself. */
export type BundleManifest = z.output<typeof Manifest>;

/** A bundle of all archives of a build: a tar with the manifest first, then one file for each source. */
export function bundleBytes(
  objects: Pick<ObjectStore, 'open'>,
  build: { checksum: string; built_at: Date },
  sources: readonly BuildSource[],
  now: Date,
): AsyncGenerator<Uint8Array> {
  const manifest: BundleManifest = {
    format: 1,
    checksum: build.checksum,
    built_at: build.built_at.toISOString(),
    created_at: now.toISOString(),
    sources: sources.map(({ object_key: _, location, ...source }) => ({
      ...source,
      // An address may carry credentials.
      location: location.replace(/^(https?:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/, ''),
    })),
  };
  async function* files() {
    const head = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
    yield { name: MANIFEST, size: head.length, bytes: [head] };
    for (const { checksum, object_key: key, size, name } of sources) {
      const object = await objects.open(key);
      if (!object) throw new Error(`the archive of source ${name} is gone from the object store`);
      yield { name: fileName(checksum), size, bytes: object };
    }
  }
  return tarBytes(files());
}

function fileName(checksum: string): string {
  return `sources/${checksum.replace('sha256:', '')}`;
}

/**
 * Reads a bundle: `store` gets each source with its bytes and must read them all. Checks every checksum and that nothing
 * is missing. Throws `FeedError`: corrupt, truncated, checksum-mismatch; what was stored before is of no harm then.
 */
export async function readBundle(
  bytes: AsyncIterable<Uint8Array>,
  store: (source: BundleManifest['sources'][number], bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<BundleManifest> {
  let manifest: BundleManifest | undefined;
  const missing = new Map<string, BundleManifest['sources'][number]>();
  for await (const member of tarMembers(bytes)) {
    if (!manifest) {
      manifest = await readManifest(member);
      for (const source of manifest.sources) missing.set(fileName(source.checksum), source);
      continue;
    }
    const source = missing.get(member.name);
    if (!source) continue;
    const digest = createHash('sha256');
    await store(source, hashed(member.data(), digest));
    const checksum = `sha256:${digest.digest('hex')}`;
    if (checksum !== source.checksum)
      throw new FeedError(
        'checksum-mismatch',
        `source ${source.name} of the bundle has the checksum ${checksum}, expected was ${source.checksum}`,
      );
    missing.delete(member.name);
  }
  if (!manifest) throw new FeedError('truncated', 'the bundle is empty');
  const [lost] = missing.values();
  if (lost) throw new FeedError('truncated', `the bundle lacks source ${lost.name}: get it again`);
  return manifest;
}

async function* hashed(
  bytes: AsyncIterable<Uint8Array>,
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    digest.update(part);
    yield part;
  }
}

async function readManifest(member: {
  name: string;
  size: number;
  data(): AsyncIterable<Uint8Array>;
}): Promise<BundleManifest> {
  if (member.name !== MANIFEST || member.size > MANIFEST_LIMIT)
    throw new FeedError('corrupt', 'the file is no feed bundle: its manifest is missing');
  const parts: Uint8Array[] = [];
  for await (const part of member.data()) parts.push(part);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new FeedError('corrupt', 'the manifest of the bundle is not JSON', cause);
  }
  const parsed = Manifest.safeParse(value);
  if (!parsed.success)
    throw new FeedError('corrupt', `the manifest of the bundle cannot be read: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

/** Whether bytes begin like a bundle. */
export function isBundleHead(head: Buffer): boolean {
  return head.toString('latin1', 0, MANIFEST.length + 1) === `${MANIFEST}\0`;
}

/** The first bytes of a stream, which is given up. */
export async function headOf(stream: Readable, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts).subarray(0, size);
}
