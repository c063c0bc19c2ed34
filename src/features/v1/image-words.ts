import type { AnchoreImage, ImageDetail } from '#contract/images-schemas.ts';
import type { V1ImageRequest } from '#contract/v1/images.ts';
import { badRequest } from '#shared/errors.ts';

/** An image in the words of the first generation. Clients read some members without looking whether they exist. */
export function v1Image(image: AnchoreImage): Record<string, unknown> {
  const metadata = image.image_content?.metadata ?? {};
  return {
    imageDigest: image.image_digest,
    parentDigest: image.parent_digest,
    userId: image.account_name,
    image_type: 'docker',
    image_status: image.image_status,
    analysis_status: image.analysis_status,
    analyzed_at: image.analyzed_at ?? null,
    annotations: image.annotations ?? {},
    created_at: image.created_at,
    last_updated: image.last_updated,
    record_version: image.record_version,
    image_content: {
      metadata: {
        arch: metadata.arch ?? null,
        distro: metadata.distro ?? null,
        distro_version: metadata.distro_version ?? null,
        dockerfile_mode: metadata.dockerfile_mode ?? null,
        image_size: metadata.image_size ?? null,
        layer_count: metadata.layer_count ?? null,
      },
    },
    image_detail: (image.image_detail ?? []).map(v1ImageDetail),
  };
}

function v1ImageDetail(detail: ImageDetail): Record<string, unknown> {
  const { full_tag, full_digest, account_name, image_id, image_digest, ...rest } = detail;
  return {
    ...rest,
    fulltag: full_tag,
    fulldigest: full_digest,
    userId: account_name,
    imageId: image_id,
    imageDigest: image_digest,
    digest: image_digest,
  };
}

/** The body of V2's `add_image`. The first generation names a tag or digest at the top or in a source. */
export function imageRequest(body: V1ImageRequest): Record<string, unknown> {
  const common = {
    ...(body.annotations ? { annotations: body.annotations } : {}),
    ...(body.image_type ? { image_type: body.image_type } : {}),
  };
  if (body.source) {
    if (body.tag || body.digest) throw badRequest("'source' and a tag or digest beside it exclude each other");
    const source = Object.entries(body.source).map(([kind, value]) => [kind, value ? renamedSource(value) : value]);
    return { ...common, source: Object.fromEntries(source) };
  }
  const dockerfile = body.dockerfile ? { dockerfile: body.dockerfile } : {};
  if (body.digest) {
    const created = body.created_at ? { creation_timestamp_override: body.created_at } : {};
    const digest = {
      pull_string: pullString(body.digest, body.tag),
      ...(body.tag ? { tag: body.tag } : {}),
      ...created,
      ...dockerfile,
    };
    return { ...common, source: { digest } };
  }
  if (body.tag) return { ...common, source: { tag: { pull_string: body.tag, ...dockerfile } } };
  throw badRequest("'tag' is a required property unless a digest or a source is given");
}

function renamedSource({ pullstring, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return pullstring === undefined ? rest : { pull_string: pullstring, ...rest };
}

/** A bare digest is one of the repository of the tag. */
function pullString(digest: string, tag: string | null | undefined): string {
  if (!tag || !/^sha256:[0-9a-f]{64}$/i.test(digest)) return digest;
  return `${tag.replace(/:[^:/]*$/, '')}@${digest}`;
}
