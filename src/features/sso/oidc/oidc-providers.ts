import type { OidcProvider } from '#contract/windlass-sso.ts';
import type { ExternalUsers } from '#features/accounts/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { checkMapping, withoutEmpty } from '../claim-mapping.ts';
import { tellProvider } from '../provider-events.ts';
import {
  deleteProvider,
  findProvider,
  insertProvider,
  listProviders,
  type ProviderRow,
  type ProviderValues,
  updateProvider,
} from '../provider-store.ts';
import { isWebAddress } from '../saml/settings.ts';
import type { TicketSecrets } from '../tickets.ts';
import { type Discovery, isSafeIssuer } from './discovery.ts';

/** What is stored of an OpenID provider beside its name, state, dates and secret. */
export type OidcSettings = Omit<OidcProvider, 'name' | 'enabled' | 'created_at' | 'last_updated' | 'client_secret'>;

/** OpenID providers as administrators see them. */
export interface OidcProviders {
  list(): Promise<OidcProvider[]>;
  /** Throws 404. */
  get(name: string): Promise<OidcProvider>;
  /** Throws 400, 409. */
  create(request: OidcProvider, by: string): Promise<OidcProvider>;
  /** Throws 400, 404. */
  update(name: string, request: OidcProvider, by: string): Promise<OidcProvider>;
  /** Removes the provider and all its users. Throws 404. */
  remove(name: string, by: string): Promise<void>;
  /** The stored record. Throws 404. */
  find(name: string): Promise<ProviderRow<OidcSettings>>;
}

/** Creates the service. */
export function createOidcProviders(options: {
  database: Database;
  users: ExternalUsers;
  discovery: Discovery;
  secrets: TicketSecrets;
}): OidcProviders {
  const { database, users, discovery, secrets } = options;
  const { db } = database;

  async function find(name: string): Promise<ProviderRow<OidcSettings>> {
    const row = await findProvider(db, name);
    if (row?.kind !== 'oidc') throw notFound(`Identity provider not found. Name=${name}`);
    return row as ProviderRow<OidcSettings>;
  }

  async function prepare(request: OidcProvider): Promise<ProviderValues> {
    const { name, enabled, client_secret, created_at, last_updated, ...settings } = withoutEmpty(request);
    checkMapping(settings);
    if (!isSafeIssuer(settings.issuer)) throw badRequest('Invalid issuer: it must be an address with https');
    if (!isWebAddress(settings.redirect_uri))
      throw badRequest('Invalid redirect_uri: it must be an address with https or http');
    const after = settings.post_logout_redirect_uri;
    if (after !== undefined && !isWebAddress(after))
      throw badRequest('Invalid post_logout_redirect_uri: it must be an address with https or http');
    await discovery.document(settings.issuer, true);
    const values = { name, kind: 'oidc', enabled, settings, entityId: settings.issuer } as const;
    return client_secret === undefined
      ? values
      : { ...values, clientSecret: secrets.encryptSecret(client_secret, purposeOf(name)) };
  }

  function present(row: ProviderRow<OidcSettings>): OidcProvider {
    const dates = { created_at: row.created_at.toISOString(), last_updated: row.last_updated.toISOString() };
    return { name: row.name, enabled: row.enabled, ...row.settings, ...dates };
  }

  return {
    find,
    list: async () => (await listProviders(db, 'oidc')).map((row) => present(row as ProviderRow<OidcSettings>)),
    get: async (name) => present(await find(name)),
    async create(request, by) {
      if (await findProvider(db, request.name)) throw taken(request.name);
      const values = await prepare(request);
      const row = await database.transaction(async (tx) => {
        const made = await insertProvider(tx, values);
        if (!made) throw taken(request.name);
        await tellProvider(tx, made, { event: 'created' }, by);
        return made;
      });
      return present(row as ProviderRow<OidcSettings>);
    },
    async update(name, request, by) {
      const current = await find(name);
      if (request.name !== name) throw badRequest('Invalid name: an identity provider cannot be renamed');
      // The secret belongs to the provider that it was given for.
      if (current.client_secret !== null && current.entity_id !== request.issuer && !request.client_secret)
        throw badRequest("'client_secret' is a required property when the issuer changes");
      const values = await prepare(request);
      const row = await database.transaction(async (tx) => {
        const changed = await updateProvider(tx, values);
        if (!changed) throw notFound(`Identity provider not found. Name=${name}`);
        await tellProvider(tx, changed, { event: 'changed', change: 'settings' }, by);
        return changed;
      });
      return present(row as ProviderRow<OidcSettings>);
    },
    async remove(name, by) {
      await database.transaction(async (tx) => {
        if (!(await deleteProvider(tx, name, 'oidc'))) throw notFound(`Identity provider not found. Name=${name}`);
        const removed = await users.removeAll(tx, name, by);
        await tellProvider(tx, { name, kind: 'oidc' }, { event: 'deleted', users: removed }, by);
      });
    },
  };
}

/** The secret that this server shares with the provider; undefined for a public client. */
export function clientSecretOf(
  secrets: Pick<TicketSecrets, 'decryptSecret'>,
  row: ProviderRow<OidcSettings>,
): string | undefined {
  if (row.client_secret === null || row.settings.token_endpoint_auth_method === 'none') return undefined;
  return secrets.decryptSecret(row.client_secret, purposeOf(row.name));
}

function purposeOf(name: string): string {
  return `identity-provider:${name}`;
}

function taken(name: string): Error {
  return conflict(`Identity provider already exists. Name=${name}`);
}
