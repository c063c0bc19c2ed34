import { type Digest, isDigest } from '../model/digest.ts';
import { RegistryError } from './errors.ts';

/** An image named by registry, repository and tag or digest. */
export interface Reference {
  /** Host, with port when given: `docker.io`, `localhost:5000`. */
  registry: string;
  repository: string;
  /** Absent when only a digest names the image. */
  tag?: string;
  digest?: Digest;
}

/** Hosts without a dot that are hosts all the same. */
const BARE_HOSTS = new Set(['docker.io', 'localhost', 'localhost.localdomain', 'localbuild']);

const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const MAX_LENGTH = 512;

/**
 * Reads `[registry/]repository[:tag][@digest]` as the API does: a missing registry is `docker.io`, a missing tag `latest`
 * unless there is a digest, and nothing is inserted before one-word repositories. The first segment is a registry when it
 * has a dot or a port, or is a known host name. Throws `RegistryError` (`invalid`) naming what is wrong.
 */
export function parseReference(text: string): Reference {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_LENGTH) throw invalid(text, 'it is empty or too long');
  const at = trimmed.indexOf('@');
  const digest = at < 0 ? undefined : trimmed.slice(at + 1);
  if (digest !== undefined && !isDigest(digest))
    throw invalid(text, 'its digest is not sha256 and 64 hexadecimal digits');
  const name = at < 0 ? trimmed : trimmed.slice(0, at);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first !== '' && isHost(first);
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const colon = rest.indexOf(':');
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? (digest === undefined ? 'latest' : undefined) : rest.slice(colon + 1);
  if (hasRegistry && !HOST.test(first)) throw invalid(text, `"${first}" is not a host name`);
  if (!REPOSITORY.test(repository))
    throw invalid(text, `"${repository}" is not a repository name (lower case, digits and . _ - between them)`);
  if (tag !== undefined && !TAG.test(tag)) throw invalid(text, `"${tag}" is not a tag`);
  return {
    registry: hasRegistry ? first : 'docker.io',
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest: digest as Digest }),
  };
}

function isHost(segment: string): boolean {
  return segment.includes('.') || segment.includes(':') || BARE_HOSTS.has(segment);
}

function invalid(text: string, why: string): RegistryError {
  return new RegistryError('invalid', `"${text.slice(0, 200)}" is not an image reference: ${why}.`);
}

/** Full form, `docker.io/nginx:latest` or `docker.io/nginx@sha256:…`. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Where to pull an image from. */
export interface PullReference {
  /** Host to connect to. */
  host: string;
  /** Repository there. */
  repository: string;
  /** Tag or digest to ask for; a digest wins. */
  target: string;
}

/** Turns a reference into what its registry understands: Docker Hub has another host, and `library/` for official images. */
export function pullReference(reference: Reference): PullReference {
  const { registry, repository, tag, digest } = reference;
  const isHub = registry === 'docker.io' || registry === 'index.docker.io' || registry === 'registry-1.docker.io';
  return {
    host: isHub ? 'registry-1.docker.io' : registry,
    repository: isHub && !repository.includes('/') ? `library/${repository}` : repository,
    target: digest ?? tag ?? 'latest',
  };
}
