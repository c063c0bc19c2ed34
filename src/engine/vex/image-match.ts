import { cachedPurl } from './purl-match.ts';
import type { VexIdentity } from './types.ts';

/** What an image is known by. */
export interface VexImage {
  /** `sha256:…`: manifest, image list and configuration. */
  digests: string[];
  /** Full tags: `registry.example.com/team/app:1`. */
  tags: string[];
}

/** Does an identity name this image: by digest, tag, or package URL of type `oci` or `docker`? */
export function namesImage(identity: VexIdentity, image: VexImage): boolean {
  return (
    identity.digests.some((digest) => hasDigest(image, digest)) ||
    identity.names.some((name) => nameMatches(name, image)) ||
    identity.purls.some((purl) => imagePurlMatches(purl, image))
  );
}

function hasDigest(image: VexImage, digest: string): boolean {
  return image.digests.includes(digest.toLowerCase());
}

const HOST = /^(localhost|[^/]*[.:][^/]*)$/;

/** A reference with its registry: `nginx` is `docker.io/nginx`, and `library/` is implied by nobody. */
function withRegistry(repository: string): string {
  const [first = ''] = repository.split('/', 1);
  const full = repository.includes('/') && HOST.test(first) ? repository : `docker.io/${repository}`;
  return full.replace(/^index\.docker\.io\//, 'docker.io/').replace(/^docker\.io\/library\//, 'docker.io/');
}

function nameMatches(name: string, image: VexImage): boolean {
  const text = name.replace(/^(https?|docker|oci):\/\//, '');
  const digest = /@(sha256:[0-9a-f]{64})$/i.exec(text)?.[1];
  if (digest) return hasDigest(image, digest);
  const { repository, tag } = split(text);
  return image.tags.some((known) => {
    const own = split(known);
    return withRegistry(own.repository) === withRegistry(repository) && (tag === undefined || own.tag === tag);
  });
}

/** The last colon starts the tag unless a slash follows: then it belongs to a port. */
function split(reference: string): { repository: string; tag?: string } {
  const colon = reference.lastIndexOf(':');
  if (colon < 0 || reference.indexOf('/', colon) >= 0) return { repository: reference };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/**
 * `pkg:oci/app@sha256:…?repository_url=registry.example.com/team/app&tag=1`, `pkg:docker/team/app@1`. A digest decides
 * alone; else repository and tag, as far as they are given.
 */
function imagePurlMatches(text: string, image: VexImage): boolean {
  const purl = cachedPurl(text);
  if (!purl || (purl.type !== 'oci' && purl.type !== 'docker')) return false;
  if (purl.version?.startsWith('sha256:')) return hasDigest(image, purl.version);
  const path = purl.namespace ? `${purl.namespace}/${purl.name}` : purl.name;
  const tag = purl.type === 'docker' ? purl.version : purl.qualifiers.tag;
  const place = purl.qualifiers.repository_url?.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return image.tags.some((known) => {
    const own = split(known);
    if (tag !== undefined && own.tag !== tag) return false;
    const full = withRegistry(own.repository);
    if (place === undefined) {
      const bare = full.slice(full.indexOf('/') + 1);
      return purl.type === 'docker' ? bare === path : bare.split('/').at(-1) === path.toLowerCase();
    }
    // The qualifier names the repository; some writers leave the last part to the name.
    return full === withRegistry(place) || full === withRegistry(`${place}/${path}`);
  });
}
