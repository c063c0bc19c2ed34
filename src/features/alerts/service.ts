import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import { notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { type AlertChange, type AlertRow, closeAlerts, findAlert, openAlerts, setAlertState } from './store.ts';

export type AlertService = ReturnType<typeof createAlertService>;

/** Alerts about tags that the active policy stops. */
export function createAlertService({ database }: { database: Database }) {
  const { db } = database;

  async function get(account: string, uuid: string): Promise<AlertRow> {
    const row = isUuid(uuid) ? await findAlert(db, account, uuid) : undefined;
    if (!row) throw notFound(`compliance violation alert not found: ${uuid}`);
    return row;
  }

  return {
    get,

    /** Brings the alerts of an account, or of all, in line with the verdicts. Returns how many changed. */
    async reconcile(account?: string): Promise<number> {
      return database.transaction(async (tx) => {
        const closed = await closeAlerts(tx, account);
        const opened = await openAlerts(tx, account);
        const tell = (name: 'compliance_alert_opened' | 'compliance_alert_closed') => (change: AlertChange) =>
          appendEvent(tx, {
            name,
            account: change.account,
            resource_id: change.image_tag,
            details: {
              alert_uuid: change.uuid,
              image_digest: change.image_digest,
              policy_id: change.policy_id,
              reason: change.reason,
            },
          });
        for (const change of closed) await tell('compliance_alert_closed')(change);
        for (const change of opened) await tell('compliance_alert_opened')(change);
        return closed.length + opened.length;
      });
    },

    /** Sets the state that a person wants; repeating it changes nothing. */
    async setState(account: string, uuid: string, state: 'open' | 'closed', by: string): Promise<AlertRow> {
      const row = await get(account, uuid);
      return row.state === state ? row : ((await setAlertState(db, account, uuid, state, by)) ?? row);
    },
  };
}
