import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fetcher, FetcherTls } from '#shared/fetcher.ts';
import { openArchive, openLayoutDirectory } from './archive/index.ts';
import { indexTar } from './archive/tar-index.ts';
import { RegistryError } from './errors.ts';
import { type Platform, parsePlatform } from './platform.ts';
import { parseReference, pullReference } from './reference.ts';
import { type CredentialSource, createRegistryClient, openRegistryImage } from './registry/index.ts';
import type { OpenImage } from './types.ts';

/** Kinds of things to analyse, as written before the colon. */
export const SOURCE_KINDS = ['registry', 'docker-archive', 'oci-archive', 'oci-dir', 'dir', 'sbom'] as const;
/** One of `SOURCE_KINDS`. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a user named: its kind, and the path or reference. */
export interface SourceName {
  kind: SourceKind;
  /** Path, or image reference. */
  target: string;
  /** Which image of an archive. */
  image?: string;
}

/** A source that is ready to be read. */
export type Source =
  | { kind: 'image'; image: OpenImage }
  | { kind: 'directory'; path: string }
  | { kind: 'sbom'; path: string };

/** Options of `openSource`. Those about registries do nothing for files. */
export interface SourceOptions {
  fetcher: Fetcher;
  credentials?: CredentialSource;
  tls?: FetcherTls;
  /** Accept any certificate, and plain http. */
  insecure?: boolean;
  /** `os/architecture[/variant]`. */
  platform?: string | Platform;
  signal?: AbortSignal;
  spoolDirectory?: string;
}

/**
 * Opens what the user named: `registry:`, `docker-archive:`, `oci-archive:`, `oci-dir:`, `dir:` or `sbom:` with a path or
 * reference, or either alone, told apart by looking. Throws `RegistryError`.
 */
export async function openSource(text: string, options: SourceOptions): Promise<Source> {
  const { kind, target, image } = await recogniseSource(text);
  const platform = typeof options.platform === 'string' ? platformOf(options.platform) : options.platform;
  const { signal, spoolDirectory } = options;
  const choice = {
    reference: target,
    ...(image === undefined ? {} : { name: image }),
    ...(platform ? { platform } : {}),
    ...(signal ? { signal } : {}),
    ...(spoolDirectory === undefined ? {} : { spoolDirectory }),
  };
  switch (kind) {
    case 'dir':
      return { kind: 'directory', path: target };
    case 'sbom':
      return { kind: 'sbom', path: target };
    case 'oci-dir':
      return { kind: 'image', image: await openLayoutDirectory(target, choice) };
    case 'docker-archive':
    case 'oci-archive':
      return { kind: 'image', image: await openArchive(target, { ...choice, kind }) };
    case 'registry':
      return { kind: 'image', image: await openFromRegistry(target, options, platform) };
  }
}

function platformOf(text: string): Platform {
  try {
    return parsePlatform(text);
  } catch (error) {
    throw new RegistryError('invalid', (error as Error).message, { cause: error });
  }
}

async function openFromRegistry(
  text: string,
  options: SourceOptions,
  platform: Platform | undefined,
): Promise<OpenImage> {
  const reference = parseReference(text);
  const { host } = pullReference(reference);
  const credentials = await options.credentials?.(reference.registry, reference.repository);
  const { fetcher, tls, insecure, signal } = options;
  const client = createRegistryClient({
    fetcher,
    host,
    ...(credentials ? { credentials } : {}),
    ...(tls ? { tls } : {}),
    ...(insecure ? { insecure } : {}),
  });
  return openRegistryImage(client, reference, { ...(platform ? { platform } : {}), ...(signal ? { signal } : {}) });
}

/** Finds out what a text names. A missing file after an explicit kind is an error; without a kind it is a reference. */
export async function recogniseSource(text: string): Promise<SourceName> {
  const kind = SOURCE_KINDS.find((name) => text.startsWith(`${name}:`));
  if (kind === 'registry') return { kind, target: text.slice('registry:'.length).replace(/^\/\//, '') };
  if (kind !== undefined) {
    const named = await splitName(text.slice(kind.length + 1), kind);
    if (named !== undefined) return named;
    throw new RegistryError('invalid', `${text.slice(kind.length + 1)} does not exist.`);
  }
  const info = await statOrUndefined(text);
  if (info?.isDirectory()) {
    return { kind: (await exists(join(text, 'oci-layout'))) ? 'oci-dir' : 'dir', target: text };
  }
  if (info?.isFile()) return { kind: await fileKind(text), target: text };
  if (/^(\.{0,2}\/|~)/.test(text)) throw new RegistryError('invalid', `${text} does not exist.`);
  return { kind: 'registry', target: text };
}

/** `path` or `path:image`; a path that exists as it stands wins. */
async function splitName(target: string, kind: SourceKind): Promise<SourceName | undefined> {
  if (await exists(target)) return { kind, target };
  for (let colon = target.indexOf(':'); colon > 0; colon = target.indexOf(':', colon + 1)) {
    const path = target.slice(0, colon);
    if (await exists(path)) return { kind, target: path, image: target.slice(colon + 1) };
  }
  return undefined;
}

async function fileKind(path: string): Promise<SourceKind> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(512);
  try {
    await file.read(head, 0, 512, 0);
  } finally {
    await file.close();
  }
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^[{<]|^SPDXVersion:/.test(text)) return 'sbom';
  // Compressed as a whole: only docker archives are handed around like that.
  if (head[0] === 0x1f && head[1] === 0x8b) return 'docker-archive';
  try {
    const { index } = await indexTar(path);
    if (index.has('index.json') && index.has('oci-layout')) return 'oci-archive';
    if (index.has('manifest.json')) return 'docker-archive';
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
  }
  throw new RegistryError('unsupported', `${path} is neither an image archive nor an SBOM.`);
}

async function exists(path: string): Promise<boolean> {
  return (await statOrUndefined(path)) !== undefined;
}

async function statOrUndefined(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
