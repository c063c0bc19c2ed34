import { type Selectable, sql } from 'kysely';
import { storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type HookRow = Selectable<Schema['registry_hook']>;

export function listHooks(db: Db, account: string): Promise<HookRow[]> {
  return db
    .selectFrom('registry_hook')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at')
    .orderBy('hook_id')
    .execute();
}

export function findHook(db: Db, account: string, hookId: string): Promise<HookRow | undefined> {
  return db
    .selectFrom('registry_hook')
    .selectAll()
    .where('account', '=', account)
    .where('hook_id', '=', hookId)
    .executeTakeFirst();
}

/** The active hook of a token, whatever the account, as long as that is enabled. */
export function findHookByToken(db: Db, tokenHash: string): Promise<HookRow | undefined> {
  return db
    .selectFrom('registry_hook')
    .innerJoin('account', 'account.name', 'registry_hook.account')
    .selectAll('registry_hook')
    .where('token_hash', '=', tokenHash)
    .where('active', '=', true)
    .where('account.state', '=', 'enabled')
    .executeTakeFirst();
}

export function insertHook(
  db: Db,
  account: string,
  hook: { hook_id: string; name: string; registry: string | null; token_hash: string; created_by: string },
): Promise<HookRow> {
  return db
    .insertInto('registry_hook')
    .values({ account, ...hook })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Absent members keep their value. Undefined when the account has no such hook. */
export function updateHook(
  db: Db,
  account: string,
  hookId: string,
  change: { name?: string; registry?: string | null; active?: boolean },
): Promise<HookRow | undefined> {
  return db
    .updateTable('registry_hook')
    .set({ ...change, last_updated: new Date() })
    .where('account', '=', account)
    .where('hook_id', '=', hookId)
    .returningAll()
    .executeTakeFirst();
}

export async function deleteHook(db: Db, account: string, hookId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('registry_hook')
    .where('account', '=', account)
    .where('hook_id', '=', hookId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Counts a request at a hook; with the reason when it was not understood. */
export async function noteHookUse(db: Db, account: string, hookId: string, refusal?: string): Promise<void> {
  await db
    .updateTable('registry_hook')
    .set({
      last_used_at: new Date(),
      ...(refusal === undefined
        ? { received: sql<number>`received + 1` }
        : { refused: sql<number>`refused + 1`, last_refusal: storableText(refusal) }),
    })
    .where('account', '=', account)
    .where('hook_id', '=', hookId)
    .execute();
}
