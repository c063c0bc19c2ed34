import { sql } from 'kysely';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';

/**
 * Tells an account that a user may not report into it: agents take the refusal for an unknown account and report the same
 * into their default account. One event an hour for each user, as agents try again each minute.
 */
export async function noteRefusedReport(
  { database }: { database: Database },
  { account, username, message }: { account: string; username: string; message: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    const { rows } = await sql<{ due: boolean }>`
      select not exists (
        select 1 from event e where e.account = a.name and e.type = 'system.runtime_inventory.report_denied'
          and e.resource_id = ${username} and e.created_at > now() - interval '1 hour') as due
      from account a where a.name = ${account}`.execute(tx);
    if (!rows[0]?.due) return;
    await appendEvent(tx, {
      name: 'inventory_report_denied',
      account,
      resource_id: username,
      details: { reason: message },
    });
  });
}
