import type { Database } from '#platform/database/types.ts';
import { badRequest } from '#shared/errors.ts';
import { FetchError, type Fetcher, readBytes } from '#shared/fetcher.ts';
import { type ProviderRow, updateMetadata } from '../provider-store.ts';
import { cacheSeconds, type IdpMetadata, METADATA_LIMIT, readIdpMetadata } from './metadata.ts';
import type { SamlSettings } from './settings.ts';

/** Metadata of providers: given by the administrator, or fetched and kept. */
export interface ProviderMetadata {
  /** Fetches a document and checks that it is usable. Throws 400 with the reason. */
  fetch(url: string): Promise<{ xml: string; metadata: IdpMetadata }>;
  /** What is known of a provider; fetched anew when it is old, as far as that succeeds. */
  current(provider: ProviderRow<SamlSettings>): Promise<IdpMetadata>;
  /** Fetched anew because a signature fits none of the keys: the provider may have changed them. Undefined when nothing changed. */
  afterMismatch(provider: ProviderRow<SamlSettings>): Promise<IdpMetadata | undefined>;
}

const DAY_MS = 86_400_000;
/** A stranger's message can make us ask the provider this often at most. */
const RETRY_MS = 60_000;

/** Creates the service. */
export function createProviderMetadata(options: {
  database: Database;
  fetcher: Fetcher;
  onError: (error: unknown, provider: string) => void;
  now: () => number;
}): ProviderMetadata {
  const { database, fetcher, now } = options;
  const triedAt = new Map<string, number>();

  async function fetch(url: string): Promise<{ xml: string; metadata: IdpMetadata }> {
    let bytes: Uint8Array;
    try {
      const response = await fetcher.request(url, {
        headers: { accept: 'application/samlmetadata+xml, text/xml' },
        stallTimeoutMs: 10_000,
      });
      bytes = await readBytes(response, METADATA_LIMIT);
      if (response.status !== 200) throw new FetchError('invalid', `the server answered ${response.status}`);
    } catch (error) {
      if (error instanceof FetchError) throw badRequest(`The metadata could not be fetched: ${error.message}`);
      throw error;
    }
    const xml = new TextDecoder().decode(bytes);
    return { xml, metadata: readIdpMetadata(xml) };
  }

  /** Fetches and stores; undefined when that fails or was tried lately. */
  async function refresh(provider: ProviderRow<SamlSettings>): Promise<IdpMetadata | undefined> {
    const { idp_metadata_url } = provider.settings;
    if (idp_metadata_url === undefined || now() - (triedAt.get(provider.name) ?? 0) < RETRY_MS) return undefined;
    triedAt.set(provider.name, now());
    try {
      const { xml, metadata } = await fetch(idp_metadata_url);
      // Users belong to the entity: another one behind the same address is for the administrator to accept.
      if (metadata.entityId !== provider.entity_id) throw badRequest('the metadata is now of another entity');
      await updateMetadata(database.db, provider.name, xml, new Date(now()));
      return metadata;
    } catch (error) {
      options.onError(error, provider.name);
      return undefined;
    }
  }

  return {
    fetch,
    async current(provider) {
      const xml = provider.metadata_xml ?? '';
      const known = readIdpMetadata(xml);
      const keepMs = Math.min(DAY_MS, (cacheSeconds(xml) ?? DAY_MS / 1000) * 1000);
      const old = now() - (provider.metadata_fetched_at?.getTime() ?? 0) > keepMs;
      const metadata = (old ? await refresh(provider) : undefined) ?? known;
      if (metadata.validUntil && metadata.validUntil.getTime() <= now())
        throw badRequest(`The metadata of identity provider ${provider.name} has expired`);
      return metadata;
    },
    afterMismatch: refresh,
  };
}
