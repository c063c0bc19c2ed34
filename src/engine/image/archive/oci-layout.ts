import { RegistryError } from '../errors.ts';
import { parseManifest } from '../manifest.ts';
import { isAttachment, type Platform } from '../platform.ts';
import { choose, type ImageParts, type RawManifest, resolveImage, verify } from '../resolve-image.ts';
import type { Descriptor, OpenImage } from '../types.ts';
import { readRange, streamRange } from './blob-files.ts';
import { type LayoutFiles, MAX_DOCUMENT, readDocument } from './layout-files.ts';

/** Which image of an archive to take. */
export interface ArchiveChoice {
  /** Name of one of several images: a tag, `repository:tag`, or a digest. */
  name?: string;
  platform?: Platform;
}

/** Names that tools give to images of a layout. */
const NAME_ANNOTATIONS = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];

/**
 * Opens an image of an OCI image layout. `index.json` may name several images, and nested indexes. Throws
 * `RegistryError`: `manifest-unknown` when the choice is not there or not clear.
 */
export async function openOciLayout(
  files: LayoutFiles,
  reference: string,
  choice: ArchiveChoice,
  close: () => Promise<void>,
): Promise<OpenImage> {
  const bytes = await readDocument(files, 'index.json');
  if (bytes === undefined)
    throw new RegistryError('invalid', 'There is no index.json: this is not an OCI image layout.');
  const document = parseManifest(bytes);
  if (document.kind !== 'index') throw new RegistryError('invalid', 'index.json is not an image index.');
  const parts = layoutParts(files);
  const top = await parts.manifest(chooseImage(document.manifests, choice));
  const image = await resolveImage(top, parts, choice.platform);
  const ranges = new Map<string, Awaited<ReturnType<LayoutFiles['find']>>>();
  for (const { digest } of image.layers) ranges.set(digest, await files.find(blobName(digest)));
  return {
    ...image,
    reference,
    async openBlob(descriptor, signal) {
      const range = ranges.get(descriptor.digest);
      if (range === undefined) throw new RegistryError('blob-unknown', 'the archive does not contain it');
      return streamRange(range, 0, signal);
    },
    blobRange: (descriptor) => ranges.get(descriptor.digest),
    close,
  };
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function layoutParts(files: LayoutFiles): ImageParts {
  async function blob(descriptor: Descriptor, what: string): Promise<Uint8Array> {
    const range = await files.find(blobName(descriptor.digest));
    if (range === undefined) {
      throw new RegistryError('manifest-unknown', `The ${what} ${descriptor.digest} is not in the archive.`);
    }
    if (range.size > MAX_DOCUMENT) throw new RegistryError('too-large', `The ${what} has ${range.size} bytes.`);
    return verify(await readRange(range), descriptor, what);
  }
  return {
    async manifest(descriptor): Promise<RawManifest> {
      return { bytes: await blob(descriptor, 'manifest'), mediaType: descriptor.mediaType, digest: descriptor.digest };
    },
    smallBlob: (descriptor) => blob(descriptor, 'image configuration'),
  };
}

function chooseImage(manifests: readonly Descriptor[], choice: ArchiveChoice): Descriptor {
  const images = manifests.filter((entry) => !isAttachment(entry));
  if (images.length === 0) throw new RegistryError('unsupported', 'The layout holds no container image.');
  const { name } = choice;
  if (name !== undefined) {
    const found = images.find((entry) => entry.digest === name || namesOf(entry).some((own) => matchesName(own, name)));
    if (found) return found;
    throw new RegistryError('manifest-unknown', `There is no image named ${name}; there are ${listNames(images)}.`);
  }
  const distinct = new Set(images.map(({ digest }) => digest));
  if (distinct.size === 1) return images[0]!;
  // Several platforms of one image may also stand side by side.
  const names = new Set(images.flatMap(namesOf));
  if (names.size <= 1 && images.every(({ platform }) => platform !== undefined)) {
    return choose(images, choice.platform);
  }
  throw new RegistryError('manifest-unknown', `There are several images; name one of ${listNames(images)}.`);
}

/** Names that the entry has, in full or as a bare tag. */
export function namesOf(entry: Descriptor): string[] {
  return NAME_ANNOTATIONS.map((key) => entry.annotations?.[key]).filter((name) => name !== undefined);
}

function matchesName(own: string, wanted: string): boolean {
  return own === wanted || own.endsWith(`/${wanted}`) || own.endsWith(`:${wanted}`);
}

function listNames(images: readonly Descriptor[]): string {
  return images
    .map((entry) => namesOf(entry)[0] ?? entry.digest)
    .slice(0, 20)
    .join(', ');
}
