import type { Db } from '#platform/database/types.ts';

/** A registry record as stored; `registry_pass` is an encrypted envelope. */
export interface RegistryValues {
  registry: string;
  registry_name: string;
  registry_type: string;
  registry_user: string;
  registry_pass: string | null;
  registry_verify: boolean;
}

export function listRegistries(db: Db, account: string) {
  return db.selectFrom('registry').selectAll().where('account', '=', account).orderBy('registry').execute();
}

export function findRegistry(db: Db, account: string, registry: string) {
  return db
    .selectFrom('registry')
    .selectAll()
    .where('account', '=', account)
    .where('registry', '=', registry)
    .executeTakeFirst();
}

/** Undefined when the account has this registry already. */
export function insertRegistry(db: Db, account: string, values: RegistryValues) {
  return db
    .insertInto('registry')
    .values({ account, ...values })
    .onConflict((conflict) => conflict.columns(['account', 'registry']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Absent fields keep their value. Undefined when there is no such registry. */
export function updateRegistry(db: Db, account: string, registry: string, values: Partial<RegistryValues>) {
  return db
    .updateTable('registry')
    .set({ ...values, last_updated: new Date() })
    .where('account', '=', account)
    .where('registry', '=', registry)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteRegistry(db: Db, account: string, registry: string): Promise<boolean> {
  const result = await db
    .deleteFrom('registry')
    .where('account', '=', account)
    .where('registry', '=', registry)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
