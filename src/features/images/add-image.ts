import type { ImageAnalysisRequest } from '#contract/images-schemas.ts';
import { announceTagUpdate, subscribeTag } from '#features/subscriptions/index.ts';
import type { Db } from '#platform/database/types.ts';
import { badRequest } from '#shared/errors.ts';
import type { ImageGateway, ImageReference } from './gateway.ts';
import { findImage, insertImage, setAnalysisStatus, updateImage } from './store.ts';
import { fullTag, mapTag, type TagParts } from './tag-store.ts';

/** An add request, understood: what to resolve, and what to record with it. */
export interface AddRequest {
  reference: ImageReference;
  /** The tag that will point to the image. */
  tag: TagParts;
  /** Orders the tag's history; default now. */
  detectedAt?: Date;
  dockerfile?: string;
  annotations: Record<string, string>;
}

/** Kinds of sources that name an image whose analysis exists already. */
export type KnownSource = 'archive' | 'import';

/** The kind of the source of an `add_image` body. Throws 400 unless there is exactly one. */
export function sourceKind({ source }: ImageAnalysisRequest): 'tag' | 'digest' | KnownSource {
  const given = source ? (['tag', 'digest', 'archive', 'import'] as const).filter((kind) => source[kind]) : [];
  if (given.length !== 1) throw badRequest("'source' must hold exactly one of tag, digest, archive or import");
  return given[0]!;
}

/** Reads the body of `add_image` for an image of a registry. Throws 400 with the field and the reason. */
export function readAddRequest(
  request: ImageAnalysisRequest,
  gateway: Pick<ImageGateway, 'parse'>,
  force: boolean,
): AddRequest {
  const { source } = request;
  const annotations = readAnnotations(request.annotations);
  if (source?.tag) {
    const reference = gateway.parse(source.tag.pull_string);
    if (reference.digest !== undefined && reference.tag === undefined) {
      throw badRequest(`source.tag.pull_string must be a tag, not a digest: ${source.tag.pull_string}`);
    }
    const tag = { registry: reference.registry, repository: reference.repository, tag: reference.tag ?? 'latest' };
    return { reference, tag, annotations, ...dockerfileOf(source.tag.dockerfile) };
  }
  if (source?.digest) {
    const reference = gateway.parse(source.digest.pull_string);
    if (reference.digest === undefined) {
      throw badRequest(
        `source.digest.pull_string must name a digest (repository@sha256:…): ${source.digest.pull_string}`,
      );
    }
    const named = gateway.parse(source.digest.tag);
    if (named.registry !== reference.registry || named.repository !== reference.repository) {
      throw badRequest(
        `source.digest.tag (${source.digest.tag}) is of another repository than source.digest.pull_string`,
      );
    }
    const override = source.digest.creation_timestamp_override;
    if (force && override === undefined) {
      throw badRequest('creation_timestamp_override is required when force is used with a digest source');
    }
    return {
      reference,
      tag: { registry: named.registry, repository: named.repository, tag: named.tag ?? 'latest' },
      annotations,
      ...(override ? { detectedAt: new Date(override) } : {}),
      ...dockerfileOf(source.digest.dockerfile),
    };
  }
  throw badRequest("'source' must name a tag or a digest");
}

function dockerfileOf(encoded: string | undefined): { dockerfile?: string } {
  if (!encoded) return {};
  const decoded = Buffer.from(encoded, 'base64');
  if (decoded.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
    throw badRequest('dockerfile is not base64');
  return { dockerfile: encoded };
}

/** Annotations of a request as text values. */
export function readAnnotations(annotations: Record<string, unknown> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** The literal that deletes an annotation. */
const DELETE_ANNOTATION = 'null';

function merged(old: Record<string, string>, added: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...old, ...added }).filter(([, value]) => value !== DELETE_ANNOTATION));
}

/** What {@link recordImage} found and decided. */
export interface RecordedImage {
  /** The image was unknown, failed, being deleted, or forced: an analysis must be queued. */
  queue: boolean;
  tagMoved: boolean;
}

/** Records an image of an account with its tag, annotations and subscriptions, in one transaction. */
export async function recordImage(
  tx: Db,
  account: string,
  image: { digest: string; parentDigest?: string; imageId?: string },
  tags: TagParts[],
  request: { annotations: Record<string, string>; dockerfile?: string; detectedAt?: Date },
  options: { force: boolean; autoSubscribe: boolean; host: string },
): Promise<RecordedImage> {
  const created = await insertImage(tx, account, {
    digest: image.digest,
    parent_digest: image.parentDigest ?? null,
    image_id: image.imageId ?? null,
    annotations: merged({}, request.annotations),
    dockerfile: request.dockerfile ?? null,
  });
  let queue = created !== undefined;
  let annotations = merged({}, request.annotations);
  if (!created) {
    const existing = (await findImage(tx, account, image.digest))!;
    const restart =
      options.force || existing.image_status !== 'active' || existing.analysis_status === 'analysis_failed';
    if (request.dockerfile !== undefined && !options.force && existing.image_status === 'active') {
      throw badRequest('cannot provide dockerfile for an image that is known already, unless force is used');
    }
    annotations = merged(existing.annotations as Record<string, string>, request.annotations);
    await updateImage(tx, account, image.digest, {
      annotations,
      image_status: 'active',
      ...(request.dockerfile === undefined ? {} : { dockerfile: request.dockerfile }),
      ...(image.parentDigest ? { parent_digest: image.parentDigest } : {}),
    });
    if (restart) await setAnalysisStatus(tx, image.digest, 'not_analyzed', { accounts: [account], host: options.host });
    queue = restart;
  }
  let tagMoved = false;
  for (const tag of tags) {
    const { moved, previous } = await mapTag(tx, account, tag, image.digest, request.detectedAt ?? new Date());
    tagMoved ||= moved;
    await subscribeTag(tx, account, fullTag(tag), options.autoSubscribe);
    if (previous !== undefined) {
      await announceTagUpdate(tx, account, fullTag(tag), { previous, digest: image.digest, annotations });
    }
  }
  return { queue, tagMoved };
}
