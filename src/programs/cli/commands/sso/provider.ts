import { ApiError, type Client } from '#client/index.ts';
import { type RbacManagerSamlConfigurationGet, samlOperations } from '#contract/saml.ts';
import { type OidcProvider, windlassSsoOperations } from '#contract/windlass-sso.ts';

/** An identity provider of either kind. */
export type Provider =
  | { kind: 'saml'; settings: RbacManagerSamlConfigurationGet }
  | { kind: 'oidc'; settings: OidcProvider };

/** All identity providers, by name. */
export async function providers(client: Client): Promise<Provider[]> {
  const names = await client.call(samlOperations.list_idps);
  const saml: Provider[] = [];
  for (const name of names) {
    const settings = await client.call(samlOperations.get_idp, { params: { name } });
    saml.push({ kind: 'saml', settings });
  }
  const { items } = await client.call(windlassSsoOperations.list_oidc_providers);
  const oidc = items.map((settings): Provider => ({ kind: 'oidc', settings }));
  return [...saml, ...oidc].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
}

/** The provider of a name, of whichever kind. Throws ApiError 404. */
export async function findProvider(client: Client, name: string): Promise<Provider> {
  const params = { name };
  try {
    return { kind: 'saml', settings: await client.call(samlOperations.get_idp, { params }) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return { kind: 'oidc', settings: await client.call(windlassSsoOperations.get_oidc_provider, { params }) };
  }
}
