import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type TarEntry, type TarHandler, TarWalker } from '#engine/formats/tar/index.ts';
import { badRequest } from '#shared/errors.ts';
import { type JsonObject, objectIn, sbomOfReport, textIn } from './analysis-report.ts';

/** Most bytes of an archive after decompression; the parts that are read are no larger together. */
const MAX_BYTES = 512 * 1024 * 1024;
/** Members that are read: the description of the archive, and what it says of the image. */
const WANTED = new Set(['archive_manifest', 'analysis', 'image_manifest']);

/** An image as a program of the first generation analysed it, in the parts of an import. */
export interface ArchivedImage {
  digest: string;
  parentDigest?: string;
  imageId?: string;
  tags: string[];
  packages: JsonObject;
  imageConfig: JsonObject;
  manifest: Buffer;
  dockerfile?: Buffer;
}

/**
 * Reads an archive of an analysis (gzip or plain tar): `archive_manifest` with the record of the image, `analysis` with
 * the report, `image_manifest`. Throws 400 naming what is missing or wrong.
 */
export async function readAnalysisArchive(bytes: Readable): Promise<ArchivedImage> {
  const members = await readMembers(bytes);
  const description = parse(members, 'archive_manifest') as JsonObject;
  const record = imageRecord(description);
  const [image] = [parse(members, 'analysis')].flat() as JsonObject[];
  const imageData = objectIn(objectIn(image ?? {}, 'image'), 'imagedata');
  const report = objectIn(imageData, 'image_report');
  const details = Array.isArray(record.image_detail) ? (record.image_detail as JsonObject[]) : [];
  const digest = textIn(description, 'image_digest') ?? textIn(record, 'imageDigest');
  if (!digest) throw badRequest('archive_file: archive_manifest does not name the digest of an image');
  const tags = details.flatMap((detail) => {
    const [registry, repo, tag] = ['registry', 'repo', 'tag'].map((field) => textIn(detail, field));
    return registry && repo && tag ? [`${registry}/${repo}:${tag}`] : [];
  });
  if (tags.length === 0) throw badRequest('archive_file: the record of the image has no tag');
  const [parent, imageId] = [textIn(record, 'parentDigest'), textIn(details[0] ?? {}, 'imageId')];
  const dockerfile = textIn(details[0] ?? {}, 'dockerfile');
  const manifest = parse(members, 'image_manifest');
  return {
    digest,
    tags,
    ...(parent && parent !== digest ? { parentDigest: parent } : {}),
    ...(imageId ? { imageId } : {}),
    packages: sbomOfReport(objectIn(imageData, 'analysis_report')),
    imageConfig: configOf(report),
    manifest: Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest)),
    ...(dockerfile ? { dockerfile: Buffer.from(dockerfile, 'base64') } : {}),
  };
}

/** The configuration of the image, as far as the report keeps it. */
function configOf(report: JsonObject): JsonObject {
  const data = objectIn(report, 'docker_data');
  const layers = Array.isArray(report.layers) ? report.layers.filter((one) => typeof one === 'string') : [];
  const history = Array.isArray(report.docker_history) ? (report.docker_history as JsonObject[]) : [];
  return {
    architecture: textIn(data, 'Architecture') ?? textIn(data, 'architecture') ?? 'amd64',
    os: textIn(data, 'Os') ?? 'linux',
    config: objectIn(data, 'Config'),
    rootfs: { type: 'layers', diff_ids: layers },
    history: history.map((step) => ({
      created_by: textIn(step, 'CreatedBy') ?? '',
      ...(Number(step.Size ?? 0) === 0 ? { empty_layer: true } : {}),
    })),
  };
}

function imageRecord(description: JsonObject): JsonObject {
  const text = textIn(objectIn(description, 'metadata'), 'image_record');
  return text ? (json(text, 'metadata.image_record') as JsonObject) : {};
}

/** The document in a member; stores of the first generation put each into an envelope. */
function parse(members: ReadonlyMap<string, Buffer>, name: string): unknown {
  const bytes = members.get(name);
  if (!bytes) throw badRequest(`archive_file: the archive has no member ${name}`);
  const value = json(bytes.toString('utf8'), name);
  if (value === null || typeof value !== 'object') return value;
  return 'document' in value ? (value as JsonObject).document : value;
}

function json(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`archive_file: ${name} is not JSON`);
  }
}

async function readMembers(bytes: Readable): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>();
  let name = '';
  let chunks: Buffer[] = [];
  const problems: string[] = [];
  const handler: TarHandler = {
    entry(entry: TarEntry) {
      name = Buffer.from(entry.name).toString('utf8').replace(/^\.\//, '');
      chunks = [];
      return entry.type === 'file' && WANTED.has(name);
    },
    // the bytes are valid during the call only
    data: (chunk) => void chunks.push(Buffer.from(chunk)),
    entryEnd(complete) {
      if (complete) members.set(name, Buffer.concat(chunks));
    },
    problem: ({ message }) => void problems.push(message),
  };
  const walker = new TarWalker(handler);
  let size = 0;
  for await (const chunk of await unpacked(bytes)) {
    size += chunk.length;
    if (size > MAX_BYTES) throw badRequest(`archive_file: more than ${MAX_BYTES} bytes after decompression`);
    walker.write(chunk);
  }
  walker.end();
  if (problems.length > 0 && members.size < WANTED.size)
    throw badRequest(`archive_file: not a whole archive: ${problems[0]}`);
  return members;
}

/** The bytes without gzip, when they have it. */
async function unpacked(bytes: Readable): Promise<AsyncIterable<Buffer>> {
  const source = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await source.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  }
  return head[0] === 0x1f && head[1] === 0x8b ? gunzipped(whole()) : whole();
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { Readable: Source } = await import('node:stream');
  const gunzip = createGunzip();
  const source = Source.from(packed);
  source.once('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_')) throw badRequest('archive_file: the gzip data is broken');
    throw error;
  } finally {
    source.destroy();
  }
}
