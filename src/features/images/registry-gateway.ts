import { archiveNames } from '#engine/image/archive/names.ts';
import {
  createRegistryClient,
  openArchive,
  openRegistryImage,
  parseReference,
  pullReference,
  RegistryError,
  type RegistryErrorCode,
} from '#engine/image/index.ts';
import type { Digest } from '#engine/model/digest.ts';
import type { RegistryCredentials } from '#features/registries/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Fetcher } from '#shared/fetcher.ts';
import type { ImageGateway, ImageReference } from './gateway.ts';

/** Error codes of the API for what registries answer. */
const API_CODES: Record<RegistryErrorCode, string> = {
  unreachable: 'REGISTRY_NOT_ACCESSIBLE',
  unauthorized: 'REGISTRY_PERMISSION_DENIED',
  denied: 'REGISTRY_PERMISSION_DENIED',
  'manifest-unknown': 'REGISTRY_IMAGE_NOT_FOUND',
  'blob-unknown': 'REGISTRY_IMAGE_NOT_FOUND',
  'rate-limited': 'REGISTRY_NOT_ACCESSIBLE',
  invalid: 'REGISTRY_NOT_SUPPORTED',
  'digest-mismatch': 'REGISTRY_NOT_SUPPORTED',
  'too-large': 'REGISTRY_NOT_SUPPORTED',
  unsupported: 'REGISTRY_NOT_SUPPORTED',
};

/** What registries refuse is the caller's to mend: 404 for a missing image, 400 for the rest. Other errors pass. */
export function asAppError(error: unknown): unknown {
  if (!(error instanceof RegistryError)) return error;
  const status = error.code === 'manifest-unknown' ? 404 : 400;
  return new AppError(status, error.message, {
    type: error.code.replaceAll('-', '_'),
    detail: { error_codes: [API_CODES[error.code]] },
    cause: error,
  });
}

/** The gateway to real registries and archives. `fetcher` is the guarded way out of the process. */
export function createRegistryGateway({
  fetcher,
  spoolDirectory,
}: {
  fetcher: Fetcher;
  spoolDirectory: string;
}): ImageGateway & {
  /** Logs in to a registry. Throws for people. */
  ping(registry: string, credentials: RegistryCredentials): Promise<void>;
} {
  function client(registry: string, repository: string, credentials: RegistryCredentials | undefined) {
    const pull = pullReference({ registry, repository });
    return {
      pull,
      client: createRegistryClient({
        fetcher,
        host: pull.host,
        ...(credentials?.username
          ? { credentials: { username: credentials.username, password: credentials.password } }
          : {}),
        ...(credentials && !credentials.verify ? { insecure: true } : {}),
      }),
    };
  }

  async function open(reference: ImageReference, credentials: RegistryCredentials | undefined, signal?: AbortSignal) {
    const { digest, ...rest } = reference;
    return openRegistryImage(
      client(reference.registry, reference.repository, credentials).client,
      { ...rest, ...(digest ? { digest: digest as Digest } : {}) },
      signal ? { signal } : {},
    );
  }

  return {
    parse(text) {
      try {
        return parseReference(text);
      } catch (error) {
        throw asAppError(error);
      }
    },
    async resolve(reference, credentials) {
      try {
        const image = await open(reference, credentials);
        await image.close();
        const { manifestDigest, parentDigest, imageId } = image.metadata;
        return { digest: manifestDigest, imageId, ...(parentDigest ? { parentDigest } : {}) };
      } catch (error) {
        throw asAppError(error);
      }
    },
    open,
    async listTags(registry, repository, credentials) {
      const { client: registryClient, pull } = client(registry, repository, credentials);
      try {
        return await registryClient.tags(pull.repository);
      } catch (error) {
        throw asAppError(error);
      }
    },
    async openArchive(path) {
      try {
        const names = await archiveNames(path, spoolDirectory);
        const opened = [];
        for (const { name, tags } of names) {
          opened.push({
            image: await openArchive(path, { spoolDirectory, ...(name === undefined ? {} : { name }) }),
            tags,
          });
        }
        return opened;
      } catch (error) {
        throw asAppError(error);
      }
    },
    async ping(registry, credentials) {
      await client(registry, 'ping', credentials).client.ping();
    },
  };
}
