import { appendEvent } from '#features/events/index.ts';
import type { Db } from '#platform/database/types.ts';
import type { ProviderKind } from './provider-store.ts';

/** What happened to a provider. */
export type ProviderChange =
  | { event: 'created' }
  | { event: 'changed'; change: 'settings' }
  | { event: 'changed'; change: 'groups_mapped' | 'groups_unmapped'; user_groups: readonly string[] }
  | { event: 'deleted'; users: number };

/** Records a change of a provider; providers belong to the installation. `by` is who made it. */
export async function tellProvider(
  tx: Db,
  provider: { name: string; kind: ProviderKind },
  { event, ...members }: ProviderChange,
  by: string,
): Promise<void> {
  const details = { by, kind: provider.kind, ...members };
  await appendEvent(tx, { name: `identity_provider_${event}`, account: 'admin', resource_id: provider.name, details });
}
