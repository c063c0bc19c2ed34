import { createHash } from 'node:crypto';
import { isObject } from '#shared/json-object.ts';
import type { Digest } from '../../model/digest.ts';
import { RegistryError } from '../errors.ts';
import { describeImage, digestOf } from '../image-metadata.ts';
import { DOCKER_CONFIG, DOCKER_LAYER, DOCKER_MANIFEST } from '../media-types.ts';
import type { Descriptor, OpenImage } from '../types.ts';
import { type FileRange, streamRange } from './blob-files.ts';
import { type LayoutFiles, readDocument } from './layout-files.ts';
import type { ArchiveChoice } from './oci-layout.ts';

/** One image as `manifest.json` of `docker save` lists it. */
export interface SavedImage {
  config: string;
  tags: string[];
  layers: string[];
}

/**
 * Opens an image of a `docker save` archive, legacy or with blobs by digest. The archive has no manifest: one is made
 * from the configuration and the layers as they lie there, so its digest differs from that in a registry.
 */
export async function openDockerArchive(
  files: LayoutFiles,
  reference: string,
  choice: ArchiveChoice,
  close: () => Promise<void>,
  signal?: AbortSignal,
): Promise<OpenImage> {
  const saved = chooseSaved(await readSaved(files), choice.name);
  const config = await readDocument(files, saved.config);
  if (config === undefined) throw new RegistryError('invalid', `The archive lacks the configuration ${saved.config}.`);
  const layers: Descriptor[] = [];
  const ranges = new Map<string, FileRange>();
  for (const name of saved.layers) {
    const range = await files.find(name);
    if (range === undefined) throw new RegistryError('invalid', `The archive lacks the layer ${name}.`);
    const digest = await digestOfRange(range, signal);
    ranges.set(digest, range);
    layers.push({ mediaType: DOCKER_LAYER, digest, size: range.size });
  }
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: DOCKER_MANIFEST,
      config: { mediaType: DOCKER_CONFIG, size: config.length, digest: digestOf(config) },
      layers: layers.map(({ mediaType, size, digest }) => ({ mediaType, size, digest })),
    }),
  );
  return {
    ...describeImage({ manifest, mediaType: DOCKER_MANIFEST, config, layers }),
    reference,
    manifest,
    config,
    layers,
    problems: [],
    async openBlob(descriptor, abort) {
      const range = ranges.get(descriptor.digest);
      if (range === undefined) throw new RegistryError('blob-unknown', 'the archive does not contain it');
      return streamRange(range, 0, abort);
    },
    blobRange: (descriptor) => ranges.get(descriptor.digest),
    close,
  };
}

export async function readSaved(files: LayoutFiles): Promise<SavedImage[]> {
  const bytes = await readDocument(files, 'manifest.json');
  if (bytes === undefined)
    throw new RegistryError('invalid', 'There is no manifest.json: this is not a docker archive.');
  let list: unknown;
  try {
    list = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new RegistryError('invalid', `manifest.json is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(list) || list.length === 0) throw new RegistryError('invalid', 'manifest.json lists no images.');
  return list.filter(isObject).map((entry) => {
    if (typeof entry.Config !== 'string')
      throw new RegistryError('invalid', 'manifest.json has an image without Config.');
    const texts = (value: unknown): string[] =>
      Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
    return { config: entry.Config, tags: texts(entry.RepoTags), layers: texts(entry.Layers) };
  });
}

function chooseSaved(images: readonly SavedImage[], name: string | undefined): SavedImage {
  const describe = (): string =>
    images
      .map(({ tags, config }) => tags[0] ?? config)
      .slice(0, 20)
      .join(', ');
  if (name !== undefined) {
    const found = images.find(({ tags, config }) => {
      return (
        tags.some((tag) => tag === name || tag.endsWith(`/${name}`)) ||
        (name.startsWith('sha256:') && config.includes(name.slice(7)))
      );
    });
    if (found) return found;
    throw new RegistryError('manifest-unknown', `There is no image named ${name}; there are ${describe()}.`);
  }
  if (images.length === 1) return images[0]!;
  throw new RegistryError('manifest-unknown', `There are several images; name one of ${describe()}.`);
}

/** Digest of a layer: names in the archive and diff-ids of the configuration are claims only. */
async function digestOfRange(range: FileRange, signal?: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of streamRange(range, 0, signal)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
