import { appendEvent, appendEvents, type NewEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import {
  type AlertChange,
  type AlertRow,
  closeAlerts,
  findAlert,
  openAlerts,
  otherOpenAlert,
  setAlertState,
} from './store.ts';

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
        await appendEvents(tx, [
          ...closed.map((change) => eventOf('compliance_alert_closed', change)),
          ...opened.map((change) => eventOf('compliance_alert_opened', change)),
        ]);
        return closed.length + opened.length;
      });
    },

    /** Sets the state that a person wants; repeating it changes nothing. */
    async setState(account: string, uuid: string, state: 'open' | 'closed', by: string): Promise<AlertRow> {
      const row = await get(account, uuid);
      if (row.state === state) return row;
      return database.transaction(async (tx) => {
        const other = state === 'open' ? await otherOpenAlert(tx, row) : undefined;
        if (other) throw badRequest(`an alert of the same tag, image and policy is open already: ${other.uuid}`);
        const changed = await setAlertState(tx, account, uuid, state, by);
        // Deleted meanwhile with its account, or set by somebody else: that is told already.
        if (!changed) return (await findAlert(tx, account, uuid)) ?? row;
        const reason = changed.closed_reason ?? changed.reason;
        const name = state === 'open' ? 'compliance_alert_opened' : 'compliance_alert_closed';
        await appendEvent(tx, eventOf(name, { ...changed, reason }));
        return changed;
      });
    },
  };
}

function eventOf(name: 'compliance_alert_opened' | 'compliance_alert_closed', change: AlertChange): NewEvent {
  const { uuid: alert_uuid, account, image_tag, image_digest, policy_id, reason } = change;
  return { name, account, resource_id: image_tag, details: { alert_uuid, image_digest, policy_id, reason } };
}
