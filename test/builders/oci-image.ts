import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildTar, type TarSource } from '#engine/formats/tar/tar-builder.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** A blob with what a descriptor says about it. */
export interface Blob {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

/** An image with all its blobs. */
export interface BuiltImage {
  digest: string;
  manifest: Blob;
  /** Config and layers. */
  blobs: Blob[];
}

/** Files of one layer by path without leading slash, or a finished blob. */
export type LayerSource = Record<string, string | Uint8Array> | { blob: Buffer; mediaType?: string; diffId?: string };

/** Packages as dpkg's status file lists them. */
export function dpkgStatus(packages: Record<string, string>): string {
  return Object.entries(packages)
    .map(
      ([name, version]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Test <test@example.org>\nVersion: ${version}\nDescription: a package\n`,
    )
    .join('\n');
}

/** Files of a Debian 12 base with the packages given. */
export function debianFiles(packages: Record<string, string>): Record<string, string> {
  return {
    'etc/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
    'etc/debian_version': '12.5\n',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    'var/lib/dpkg/status': dpkgStatus(packages),
  };
}

/** Builds an image. `config` is merged into the config's `config` part. */
export function buildOciImage(
  layers: readonly LayerSource[],
  options: { config?: Record<string, unknown>; history?: unknown[] } = {},
): BuiltImage {
  const made = layers.map(makeLayer);
  const config = blob(CONFIG, {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-02T03:04:05Z',
    config: { Env: ['PATH=/usr/bin'], Cmd: ['/bin/sh'], ...options.config },
    rootfs: { type: 'layers', diff_ids: made.map((layer) => layer.diffId) },
    history:
      options.history ??
      made.map((_, index) => ({
        created: '2026-01-02T03:04:05Z',
        created_by: `/bin/sh -c #(nop) ADD file:${index} in / `,
      })),
  });
  const manifest = blob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: made.map((layer) => descriptor(layer.blob)),
  });
  return { digest: manifest.digest, manifest, blobs: [config, ...made.map((layer) => layer.blob)] };
}

/** A blob of JSON. */
export function blob(mediaType: string, value: unknown): Blob {
  return bytesBlob(mediaType, Buffer.from(JSON.stringify(value)));
}

export function bytesBlob(mediaType: string, bytes: Buffer): Blob {
  return { digest: digestOf(bytes), mediaType, bytes };
}

export function descriptor({ digest, mediaType, bytes }: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: bytes.length };
}

/** Writes images as an OCI layout with tags. */
export function writeOciLayout(folder: string, images: readonly { image: BuiltImage; tag: string }[]): void {
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const [name, bytes] of layoutFiles(images)) writeFileSync(join(folder, name), bytes);
}

/** An OCI layout in a tar file. */
export function ociArchive(images: readonly { image: BuiltImage; tag: string }[]): Buffer {
  const entries: TarSource[] = layoutFiles(images).map(([name, content]) => ({ name, content }));
  return Buffer.from(buildTar(entries));
}

function layoutFiles(images: readonly { image: BuiltImage; tag: string }[]): [string, Buffer][] {
  const blobs = new Map(
    images.flatMap(({ image }) => [image.manifest, ...image.blobs]).map((one) => [one.digest, one.bytes]),
  );
  const manifests = images.map(({ image, tag }) => ({
    ...descriptor(image.manifest),
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }));
  return [
    ['oci-layout', Buffer.from(JSON.stringify({ imageLayoutVersion: '1.0.0' }))],
    ['index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))],
    ...[...blobs].map(([digest, bytes]): [string, Buffer] => [`blobs/sha256/${digest.slice(7)}`, bytes]),
  ];
}

function makeLayer(source: LayerSource): { blob: Blob; diffId: string } {
  if (source.blob instanceof Uint8Array) {
    const bytes = Buffer.from(source.blob);
    return {
      blob: bytesBlob((source.mediaType as string | undefined) ?? LAYER, bytes),
      diffId: (source.diffId as string | undefined) ?? digestOf(bytes),
    };
  }
  const tar = Buffer.from(
    buildTar(
      Object.entries(source as Record<string, string | Uint8Array>).map(([name, content]) => ({ name, content })),
    ),
  );
  return { blob: bytesBlob(LAYER, gzipSync(tar)), diffId: digestOf(tar) };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
