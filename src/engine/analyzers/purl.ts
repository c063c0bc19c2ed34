/** Parts of a package URL, unencoded. Empty or absent parts are left out of the text. */
export interface PurlParts {
  /** `deb`, `npm`, `maven` … */
  type: string;
  /** Segments separated by `/`: `debian`, `@scope`, `github.com/owner`. */
  namespace?: string | undefined;
  name: string;
  version?: string | undefined;
  qualifiers?: Record<string, string | undefined>;
  subpath?: string | undefined;
}

/**
 * Writes a package URL in the canonical form of the purl specification: percent-encoded parts, qualifiers sorted
 * by key, no empty qualifiers. Type-specific folding of names (PyPI, GitHub …) is up to the caller.
 */
export function formatPurl(parts: PurlParts): string {
  let text = `pkg:${parts.type.toLowerCase()}/`;
  const namespace = segments(parts.namespace);
  if (namespace.length > 0) text += `${namespace.map(encode).join('/')}/`;
  text += encode(parts.name);
  if (parts.version) text += `@${encode(parts.version)}`;
  const qualifiers = Object.entries(parts.qualifiers ?? {})
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([key, value]): [string, string] => [key.toLowerCase(), value])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (qualifiers.length > 0) text += `?${qualifiers.map(([key, value]) => `${key}=${encodeValue(value)}`).join('&')}`;
  const subpath = segments(parts.subpath).filter((segment) => segment !== '.' && segment !== '..');
  if (subpath.length > 0) text += `#${subpath.map(encode).join('/')}`;
  return text;
}

function segments(path: string | undefined): string[] {
  return (path ?? '').split('/').filter((segment) => segment !== '');
}

/** Everything but letters, digits and `.-_~:` is percent-encoded as UTF-8. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/** Qualifier values may keep `/`: VCS addresses stay readable, as in the examples of the specification. */
function encodeValue(text: string): string {
  return encode(text).replaceAll('%2F', '/');
}

/** Value of the `distro` qualifier: `debian-12`, `wolfi-20230201`, or just the id of a rolling distribution. */
export function distroQualifier(distro: { id: string; versionId?: string } | undefined): string | undefined {
  if (!distro) return undefined;
  return distro.versionId ? `${distro.id}-${distro.versionId}` : distro.id;
}
