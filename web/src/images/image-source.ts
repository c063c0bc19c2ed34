import type { ImageSource } from '#contract/images-schemas.ts';

/**
 * What `add_image` takes for a reference as people write it: a tag, or a digest together with the tag to list it under.
 * A Dockerfile goes as base64 of its UTF-8 bytes.
 */
export function imageSource(reference: string, tag: string, dockerfile: string | undefined): ImageSource {
  const pull_string = reference.trim();
  const file = dockerfile === undefined ? {} : { dockerfile: toBase64(dockerfile) };
  if (pull_string.includes('@sha256:')) return { digest: { pull_string, tag: tag.trim(), ...file } };
  return { tag: { pull_string, ...file } };
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
