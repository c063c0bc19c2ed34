import type { Platform } from '../platform.ts';
import { formatReference, pullReference, type Reference } from '../reference.ts';
import { resolveImage } from '../resolve-image.ts';
import type { OpenImage } from '../types.ts';
import type { RegistryClient } from './client.ts';

/** Opens an image in a registry: resolves tag and platform and reads manifest and configuration; layers come later. */
export async function openRegistryImage(
  client: RegistryClient,
  reference: Reference,
  options: { platform?: Platform; signal?: AbortSignal } = {},
): Promise<OpenImage> {
  const { repository, target } = pullReference(reference);
  const { signal } = options;
  const top = await client.manifest(repository, target, signal);
  const parts = {
    manifest: ({ digest }: { digest: string }) => client.manifest(repository, digest, signal),
    smallBlob: (descriptor: Parameters<RegistryClient['smallBlob']>[1]) =>
      client.smallBlob(repository, descriptor, signal),
  };
  const image = await resolveImage(top, parts, options.platform);
  return {
    ...image,
    reference: formatReference(reference),
    openBlob: async (descriptor, abort) => client.blob(repository, descriptor, abort),
    close: async () => {},
  };
}
