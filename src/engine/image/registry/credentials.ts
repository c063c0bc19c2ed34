/** What to log in with at a registry. */
export type Credentials =
  | { username: string; password: string }
  /** Long-lived token to be exchanged for access tokens (OAuth 2 refresh token). */
  | { identityToken: string }
  /** Access token sent as it is. */
  | { registryToken: string };

/** Finds credentials for a repository of a registry, by the host's public name (`docker.io`). */
export type CredentialSource = (registry: string, repository: string) => Promise<Credentials | undefined>;

/** The same credentials for everything asked. */
export function fixedCredentials(credentials: Credentials | undefined): CredentialSource {
  return async () => credentials;
}
