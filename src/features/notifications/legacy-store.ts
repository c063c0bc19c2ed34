import { json } from '#platform/database/json.ts';
import { escapeLike } from '#platform/database/like.ts';
import type { Db } from '#platform/database/types.ts';

/** Endpoint of configurations that come from the settings of the installation. Clients neither see nor change them. */
export const LEGACY_ENDPOINT = 'legacy-webhook';

/** A target as the outbox knows it. */
export interface LegacyConfiguration {
  uuid: string;
  target: string;
  settings: Record<string, unknown>;
  secrets: string | null;
  selectors: { uuid: string; type: string; level: string }[];
}

/** Makes the legacy configurations of the installation those that are given; they belong to the admin account, which hears of every account. */
export async function replaceLegacyConfigurations(
  db: Db,
  configurations: readonly LegacyConfiguration[],
): Promise<void> {
  const kept = configurations.map(({ uuid }) => uuid);
  let gone = db.deleteFrom('notification_configuration').where('endpoint', '=', LEGACY_ENDPOINT);
  if (kept.length > 0) gone = gone.where('uuid', 'not in', kept);
  await gone.execute();
  for (const { uuid, target, settings, secrets, selectors } of configurations) {
    const values = { description: target, settings: json(settings), secrets };
    await db
      .insertInto('notification_configuration')
      .values({ uuid, account: 'admin', endpoint: LEGACY_ENDPOINT, ...values })
      .onConflict((conflict) => conflict.column('uuid').doUpdateSet(values))
      .execute();
    await db.deleteFrom('notification_selector').where('configuration', '=', uuid).execute();
    await db
      .insertInto('notification_selector')
      .values(
        selectors.map(({ uuid: id, type, level }) => ({
          uuid: id,
          account: 'admin',
          configuration: uuid,
          scope: 'global',
          level,
          resource_type: '*',
          type,
          type_pattern: escapeLike(type).replaceAll('*', '%'),
        })),
      )
      .execute();
  }
}

/** Addresses of the owners of accounts, by name; those that have none are not there. */
export async function accountEmails(db: Db, accounts: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('account')
    .select(['name', 'email'])
    .where('name', 'in', [...accounts])
    .execute();
  return new Map(rows.flatMap(({ name, email }) => (email === null ? [] : [[name, email] as const])));
}
