/** Hosts of Docker Hub. */
const HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const NAME = /^(?<name>[^@\s]+?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?$/;
const DIGEST_TAG = /^[0-9a-f]{64}$/;
const EXACT = /^sha256:[0-9a-f]{64}$/;
const DIGEST = /sha256:[0-9a-f]{64}$/;

/**
 * One spelling for all names of an image, as the database's `canonical_tag`: `nginx` and `index.docker.io/nginx:latest`
 * are `docker.io/library/nginx:latest`. Null for what names no tag: digests, and the tags that agents make up where a
 * pod names none (64 hexadecimal digits, `UNKNOWN`, an empty one).
 */
export function canonicalTag(text: string): string | null {
  const name = text.trim().replace(/@sha256:[0-9a-f]{64}$/, '');
  const slash = name.lastIndexOf('/');
  const last = name.slice(slash + 1);
  if (last === '' || last.endsWith(':') || name.startsWith('sha256:')) return null;
  const match = NAME.exec(last);
  if (!match?.groups) return null;
  const tag = match.groups.tag ?? 'latest';
  // by digest alone: no tag can be told
  if (match.groups.tag === undefined && name !== text.trim()) return null;
  if (DIGEST_TAG.test(tag) || tag === 'UNKNOWN' || (match.groups.name ?? '').includes(':')) return null;
  const path = name.slice(0, slash + 1) + match.groups.name;
  const first = path.slice(0, path.indexOf('/'));
  const isHost = path.includes('/') && (/[.:]/.test(first) || first === 'localhost' || first === 'localbuild');
  const registry = isHost ? first : 'docker.io';
  const repository = isHost ? path.slice(first.length + 1) : path;
  if (repository === '' || repository !== repository.toLowerCase()) return null;
  if (!HUB.has(registry)) return `${registry}/${repository}:${tag}`;
  return `docker.io/${repository.includes('/') ? repository : `library/${repository}`}:${tag}`;
}

/** The digest in what a runtime tells: bare, or behind a repository. Empty when there is none. */
export function digestIn(text: string | null | undefined): string {
  if (!text) return '';
  if (text.length === 71 && EXACT.test(text)) return text;
  return DIGEST.exec(text.trim().toLowerCase())?.[0] ?? '';
}
