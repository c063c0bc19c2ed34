/** A tag split for mapping. `null` parts (no tag known) match only selectors that accept anything. */
export interface ImageName {
  registry: string | null;
  repository: string | null;
  tag: string | null;
}

const WELL_KNOWN_HOSTS: ReadonlySet<string> = new Set([
  'docker.io',
  'localhost',
  'localhost.localdomain',
  'localbuild',
]);

/**
 * Splits a full tag into registry, repository and tag. The first segment is a registry when it holds a dot or a port
 * or is a well-known host; else the registry is docker.io. `dockerhub/` means docker.io. `library/` is not inserted.
 * A reference by digest has no tag. Without a tag at all, every part is null.
 */
export function parseImageName(fullTag: string | undefined): ImageName {
  if (fullTag === undefined || fullTag === '') return { registry: null, repository: null, tag: null };
  const at = fullTag.indexOf('@');
  const name = at < 0 ? fullTag : fullTag.slice(0, at);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost =
    slash >= 0 && (first.includes('.') || first.includes(':') || WELL_KNOWN_HOSTS.has(first) || first === 'dockerhub');
  const registry = !hasHost || first === 'dockerhub' ? 'docker.io' : first;
  const rest = hasHost ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  if (hasTag) return { registry, repository: rest.slice(0, colon), tag: rest.slice(colon + 1) };
  return { registry, repository: rest, tag: at < 0 ? 'latest' : null };
}

/** The tag in its full form, `registry/repository:tag`; undefined when it names no tag, or nothing at all. */
export function normalizeTag(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.includes('@') || /\s/.test(trimmed)) return undefined;
  const { registry, repository, tag } = parseImageName(trimmed);
  return repository && tag ? `${registry}/${repository}:${tag}` : undefined;
}

/**
 * The full form of what a container names: a tag, or `registry/repository@sha256:…` for a reference by digest, whose tag
 * nobody knows. A tag beside the digest wins. Undefined when the text is neither.
 */
export function normalizeReference(text: string): string | undefined {
  const [name = '', digest, ...more] = text.trim().split('@');
  if (digest === undefined) return normalizeTag(name);
  if (more.length > 0 || !/^sha256:[0-9a-f]{64}$/i.test(digest) || /\s/.test(name)) return undefined;
  const { registry, repository, tag } = parseImageName(`${name}@${digest}`);
  if (!repository) return undefined;
  return tag ? `${registry}/${repository}:${tag}` : `${registry}/${repository}@${digest.toLowerCase()}`;
}
