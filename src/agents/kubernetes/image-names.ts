import type { ContainerFacts } from './objects.ts';

/** What to report for an image whose specification names no tag. */
export type MissingTag =
  /** The 64 digits of the digest stand in for the tag. */
  | { policy: 'digest' }
  /** This tag. */
  | { policy: 'insert'; tag: string }
  /** Nothing: the container is left out. */
  | { policy: 'drop' };

/** An image as a report names it. */
export interface NamedImage {
  /** `repository:tag`. */
  tag: string;
  /** `sha256:…`, or empty when the runtime does not tell. */
  digest: string;
}

const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** Name before `@`, and whether it ends in a tag: a colon behind the last slash. */
function split(image: string): { name: string; tagged: boolean } {
  const name = image.replace(/@.*$/s, '');
  return { name, tagged: /:[^/:]+$/.test(name) && !/^sha256:[0-9a-f]{64}$/.test(name) };
}

/** Digest by which the image was pulled. A bare `sha256:…` image id is that of a configuration, which no registry knows. */
export function imageDigest({ imageId, image }: Pick<ContainerFacts, 'imageId' | 'image'>): string {
  return DIGEST.exec(imageId)?.[1] ?? DIGEST.exec(image)?.[1] ?? '';
}

/** The image of a container for a report; undefined when the policy leaves it out or it has no name. */
export function namedImage(container: ContainerFacts, missing: MissingTag, registry?: string): NamedImage | undefined {
  const digest = imageDigest(container);
  const { name, tagged } = split(container.image || container.statusImage);
  if (!name || name.startsWith('sha256:')) return undefined;
  const full = registry ? withRegistry(name, registry) : name;
  if (tagged) return { tag: full, digest };
  const bare = full.replace(/:$/, '');
  if (missing.policy === 'drop') return undefined;
  if (missing.policy === 'insert') return { tag: `${bare}:${missing.tag}`, digest };
  // without a digest nothing can stand in; `latest` is what the runtime pulled
  return { tag: `${bare}:${digest ? digest.slice('sha256:'.length) : 'latest'}`, digest };
}

/** The image as people know it: an untagged name that is not pinned to a digest means `latest`. */
export function runningImage(container: ContainerFacts): NamedImage | undefined {
  const spec = split(container.image);
  if (!spec.name || spec.tagged || container.image.includes('@')) return namedImage(container, { policy: 'digest' });
  const status = split(container.statusImage);
  return { tag: status.tagged ? status.name : `${spec.name}:latest`, digest: imageDigest(container) };
}

/** Puts a registry before names that have none: no dot, colon or `localhost` in the first of several segments. */
function withRegistry(name: string, registry: string): string {
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return hasRegistry || rest.length > 1 ? name : `${registry.replace(/\/+$/, '')}/${name}`;
}
