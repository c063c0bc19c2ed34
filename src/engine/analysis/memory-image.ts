import { describeImage, digestOf } from '../image/image-metadata.ts';
import { OCI_MANIFEST } from '../image/media-types.ts';
import type { Descriptor, OpenImage } from '../image/types.ts';

/** Makes an image of blobs in memory, for tests. `diffIds` are what its configuration claims. */
export function memoryImage(blobs: readonly Uint8Array[], diffIds: readonly string[] = []): OpenImage {
  const layers: Descriptor[] = blobs.map((blob) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    digest: digestOf(blob),
    size: blob.length,
  }));
  const history = layers.map((_, i) => ({ created_by: `step ${i}` }));
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: diffIds }, history }),
  );
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers }));
  return {
    ...describeImage({ manifest, mediaType: OCI_MANIFEST, config, layers }),
    reference: 'memory',
    manifest,
    config,
    layers,
    problems: [],
    async openBlob({ digest }) {
      const blob = blobs[layers.findIndex((layer) => layer.digest === digest)]!;
      return (async function* () {
        yield blob;
      })();
    },
    close: async () => {},
  };
}
