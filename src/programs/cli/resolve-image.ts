import type { Client } from '#client/index.ts';
import { imagesOperations } from '#contract/images.ts';
import type { AnchoreImage } from '#contract/images-schemas.ts';
import { CliFailure } from './failure.ts';

/** An image that the server knows. */
export interface KnownImage {
  digest: string;
  /** The tag it was asked for by, else one that it has. */
  tag: string | undefined;
  image: AnchoreImage;
}

const DIGEST = /^(?:.*@)?(sha256:[0-9a-fA-F]{64})$/;
const IMAGE_ID = /^[0-9a-fA-F]{64}$/;

/** Finds an image by digest, image id or tag. Throws CliFailure when the server has none. */
export async function resolveImage(client: Client, text: string): Promise<KnownImage> {
  const digest = DIGEST.exec(text)?.[1];
  const image = digest
    ? await client.call(imagesOperations.get_image, { params: { image_digest: digest } })
    : await findImage(client, text);
  const tags = (image.image_detail ?? []).flatMap(({ full_tag: tag }) => tag ?? []);
  return {
    digest: image.image_digest!,
    tag: digest || IMAGE_ID.test(text) ? tags[0] : (tags.find((tag) => sameTag(tag, text)) ?? text),
    image,
  };
}

async function findImage(client: Client, text: string): Promise<AnchoreImage> {
  const query = IMAGE_ID.test(text) ? { image_id: text } : { full_tag: text };
  const hint = 'List what there is: windlass image list. Add it: windlass image add.';
  const { items } = await client.call(imagesOperations.list_images, { query }).catch((error: { status?: number }) => {
    if (error.status === 404) throw new CliFailure(`the server has no image ${text}`, { hint, cause: error });
    throw error;
  });
  const [first] = items ?? [];
  if (!first?.image_digest) throw new CliFailure(`the server has no image ${text}`, { hint });
  return first;
}

/** Tags are stored in full: `nginx` is `docker.io/nginx:latest`. */
function sameTag(full: string, text: string): boolean {
  return (
    full === text || full === `docker.io/${text}` || full === `${text}:latest` || full === `docker.io/${text}:latest`
  );
}
