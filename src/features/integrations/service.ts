import { randomUUID } from 'node:crypto';
import type { HealthReport, IntegrationRegister } from '#contract/integrations.ts';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import {
  deleteIntegration,
  expireHealth,
  type IntegrationRow,
  listIntegrations,
  markInactive,
  register,
  storeHealth,
} from './store.ts';

export type IntegrationService = ReturnType<typeof createIntegrationService>;

/** Agents that register themselves and report their health: registered → active → inactive, and back. */
export function createIntegrationService({ database }: { database: Database }) {
  const { db } = database;

  async function get(account: string | undefined, uuid: string): Promise<IntegrationRow> {
    const [row] = await listIntegrations(db, account, { uuid });
    if (!row) throw notFound(`integration not found: ${uuid}`);
    return row;
  }

  return {
    get,
    /** Agents of an account; of all accounts without one. `degraded`: those that are inactive or unhealthy. */
    async list(account: string | undefined, degraded: boolean): Promise<IntegrationRow[]> {
      const rows = await listIntegrations(db, account);
      return degraded ? rows.filter((row) => row.state === 'inactive' || row.reported_state === 'unhealthy') : rows;
    },

    /** The same agent keeps its uuid, however often it registers. */
    async register(account: string, agent: IntegrationRegister): Promise<{ row: IntegrationRow; added: boolean }> {
      if (agent.registration_id === '' || agent.registration_instance_id === '')
        throw badRequest('registration_id and registration_instance_id must not be empty');
      const { uuid, added } = await database.transaction(async (tx) => {
        const registered = await register(tx, account, randomUUID(), agent);
        if (registered.added) {
          await appendEvent(tx, {
            name: 'integration_registered',
            account,
            resource_id: registered.uuid,
            details: { name: agent.name ?? null, type: agent.type, cluster_name: agent.cluster_name ?? null },
          });
        }
        return registered;
      });
      return { row: await get(account, uuid), added };
    },

    /** Notes a health report; `account` undefined: of an agent of any account. Throws 404 for an unknown agent. */
    async reportHealth(account: string | undefined, uuid: string, report: HealthReport): Promise<void> {
      const reports = Object.entries(report.health_data.account_k8s_inventory_reports ?? {});
      const errors = [
        ...(report.health_data.errors ?? []),
        ...reports
          .filter(([, one]) => one.has_errors)
          .map(([name]) => `the last inventory report for account ${name} had errors`),
      ];
      const owner = (await get(account, uuid)).account;
      await database.transaction(async (tx) => {
        const before = await storeHealth(tx, owner, uuid, {
          report,
          uptime: report.uptime,
          interval: report.health_report_interval,
          state: errors.length > 0 ? 'unhealthy' : 'healthy',
          errors,
          accounts: reports.map(([name]) => name),
        });
        if (before === undefined) throw notFound(`integration not found: ${uuid}`);
        if (before !== 'active')
          await appendEvent(tx, { name: 'integration_active', account: owner, resource_id: uuid, details: { before } });
      });
    },

    /** Removes an agent. One that still reports comes back with its next start: refused with 409 unless forced. */
    async remove(account: string | undefined, uuid: string, force: boolean): Promise<void> {
      const row = await get(account, uuid);
      if (row.state === 'active' && !force)
        throw conflict(`integration ${uuid} is active: stop the agent first, or use force`);
      await database.transaction(async (tx) => {
        await deleteIntegration(tx, row.account, uuid);
        await appendEvent(tx, {
          name: 'integration_deleted',
          account: row.account,
          resource_id: uuid,
          details: { name: row.name, force },
        });
      });
    },

    /** Finds agents that fell silent, and forgets old reports. */
    async watch(healthDays: number): Promise<void> {
      await database.transaction(async (tx) => {
        for (const { account, uuid, name, last_seen } of await markInactive(tx)) {
          await appendEvent(tx, {
            name: 'integration_inactive',
            account,
            resource_id: uuid,
            details: { name, last_seen: last_seen.toISOString() },
          });
        }
        await expireHealth(tx, healthDays);
      });
    },
  };
}
