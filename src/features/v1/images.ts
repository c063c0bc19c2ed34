import type { AnchoreImageTagSummary } from '#contract/images-schemas.ts';
import type { V1ImageRequest } from '#contract/v1/images.ts';
import { v1ImageOperations } from '#contract/v1/images.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { type AppError, notFound } from '#shared/errors.ts';
import { bindV1, translated, type V1Handlers, type V1Request } from './bind.ts';
import { v1Evaluations } from './evaluation.ts';
import { imageRequest, v1Image } from './image-words.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Digest of an image's configuration, as clients write it. */
const IMAGE_ID = /^[0-9a-f]{64}$/i;

/** Handlers of the image operations. */
export const imageHandlers: V1Handlers<typeof v1ImageOperations> = {
  list_images: listImages,
  add_image: async ({ next, body }) => [v1Image(await next({ body: imageRequest(body as V1ImageRequest) }))],
  delete_images_async: translated((outcomes) => outcomes.map(v1Deletion)),
  get_image: translated((image) => [v1Image(image)]),
  delete_image: deleteImage,
  list_imagetags: translated(({ items = [] }) => items.map(v1TagSummary)),
  get_image_policy_check: checkImage,
};

/** Routes of the image operations. */
export function v1ImageRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(v1ImageOperations, imageHandlers, v2);
}

/** Clients put the id of an image into the tag filter as well. */
async function listImages({ next, query }: V1Request<'list_images'>): Promise<unknown> {
  const { fulltag, analyzed_since: _time, ...rest } = query;
  if (typeof fulltag !== 'string' || !IMAGE_ID.test(fulltag)) return (await next()).items?.map(v1Image) ?? [];
  const { items = [] } = await next({ query: { ...rest, image_id: fulltag.toLowerCase() } });
  if (items.length === 0) throw imageNotFound(fulltag);
  return items.map(v1Image);
}

/** 404 for an image that the account does not have. */
export function imageNotFound(name: string): AppError {
  return notFound(`image not found: ${name}`, { error_codes: ['IMAGE_NOT_FOUND'] });
}

/** A single deletion says in its answer that there is no such image; its status stays 200. */
async function deleteImage({ call, params, query }: V1Request): Promise<unknown> {
  const [outcome] = await call('delete_images_async', {
    query: { image_digests: [params.image_digest], force: query.force },
  });
  return v1Deletion(outcome!);
}

function v1Deletion({
  image_digest,
  ...outcome
}: {
  image_digest: string;
  status: string;
  detail?: string | undefined;
}) {
  return { digest: image_digest, ...outcome };
}

/** The check without a tag takes the newest one of the image. */
export async function checkImage({
  next,
  call,
  params,
  query,
  account,
}: V1Request<'get_image_policy_check_by_digest'>): Promise<unknown> {
  const { policyId, tag, ...rest } = query;
  const { image_detail: details = [] } = await call('get_image', { params: { image_digest: params.image_digest } });
  const result = await next({
    params: { image_digest: params.image_digest },
    query: { ...rest, policy_id: policyId, tag: tag ?? details[0]?.full_tag },
  });
  return v1Evaluations(result, { account, imageId: details[0]?.image_id ?? '' });
}

function v1TagSummary({ image_digest, parent_digest, image_id, full_tag, ...rest }: AnchoreImageTagSummary) {
  return { imageDigest: image_digest, parentDigest: parent_digest, imageId: image_id, fulltag: full_tag, ...rest };
}
