import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type TarFile, writeTar } from './tar-writer.ts';

/** An image to be made. */
export interface ImagePlan {
  /** Full tag that the archive names it by. */
  tag: string;
  created: string;
  /** From the bottom; `createdBy` is the step of the build. */
  layers: readonly { createdBy: string; files: readonly TarFile[] }[];
  /** `config` of the image configuration: Cmd, Env, User, ExposedPorts … */
  config: Record<string, unknown>;
  /** Steps after the layers that change only the configuration. */
  emptySteps?: readonly string[];
}

/** Makes an image archive (OCI image layout in a tar) in memory. Equal plans give equal bytes and digests. */
export function writeOciArchive({ tag, created, layers, config, emptySteps = [] }: ImagePlan): Buffer {
  const blobs = new Map<string, Buffer>();
  const add = (mediaType: string, content: Buffer) => {
    const hex = sha256(content);
    blobs.set(hex, content);
    return { mediaType, digest: `sha256:${hex}`, size: content.length };
  };
  const tars = layers.map(({ files }) => writeTar(files));
  const descriptors = tars.map((tar) => add('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar)));
  const configuration = add(
    'application/vnd.oci.image.config.v1+json',
    json({
      created,
      architecture: 'amd64',
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
      history: [
        ...layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
        ...emptySteps.map((step) => ({ created, created_by: step, empty_layer: true })),
      ],
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = add(mediaType, json({ schemaVersion: 2, mediaType, config: configuration, layers: descriptors }));
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...manifest, annotations }],
  };
  return writeTar([
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json(index) },
    ...[...blobs].map(([hex, content]) => ({ path: `blobs/sha256/${hex}`, content })),
  ]);
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
