import type { IdentityProvider } from '#features/accounts/index.ts';
import type { Db } from '#platform/database/types.ts';
import { findProvider } from './provider-store.ts';

/** A provider as the creation of users needs it; undefined when there is none of that name. */
export async function identityProviderOf(db: Db, name: string): Promise<IdentityProvider | undefined> {
  const provider = await findProvider(db, name);
  return provider && { entityId: provider.entity_id };
}
