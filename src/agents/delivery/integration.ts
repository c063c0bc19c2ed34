import { randomUUID } from 'node:crypto';
import { backoff, pause } from './backoff.ts';
import type { AgentLog } from './log.ts';
import type { Credentials, DeliveryResult, ReportServer } from './report-server.ts';
import type { SpooledReport } from './spool.ts';

/** Who registers with the server. */
export interface IntegrationIdentity {
  /** The same in every process of this agent. */
  registrationId: string;
  /** This process, or this pod. */
  instanceId: string;
  name?: string;
  description?: string;
  version: string;
  /** Accounts to which the agent is tied by its settings. */
  accounts: string[];
  namespaces: string[];
  clusterName: string;
  healthSeconds: number;
}

/** Registration and health reports; what is delivered is told to it. */
export interface Integration {
  noteDelivery(report: SpooledReport, result: DeliveryResult, username: string): void;
  noteError(message: string): void;
  /** Registers and reports until aborted. A server without integrations is left alone. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

interface AccountReport {
  report_timestamp: string;
  account_name: string;
  sent_as_user: string;
  batch_size: number;
  last_successful_index: number;
  has_errors: boolean;
  batches: { batch_index: number; send_timestamp: string; error?: string }[];
}

/** The first version of the product whose API we speak that knows integrations. */
const FIRST_VERSION = [5, 11];
const MAX_ERRORS = 20;
/** A health report speaks of what was sent in this time. */
const REMEMBERED_MS = 20 * 60_000;

/** Creates the integration of one agent. */
export function createIntegration(
  server: ReportServer,
  credentials: Credentials,
  identity: IntegrationIdentity,
  log: AgentLog,
): Integration {
  const started = Date.now();
  const uptime = () => Math.max(0, Math.round((Date.now() - started) / 1000));
  let reports: Record<string, AccountReport> = {};
  let errors: string[] = [];

  async function register(signal: AbortSignal): Promise<string | undefined> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const { service } = await server.version(signal);
        if (knowsIntegrations(service)) {
          const { status, body } = await server.call(
            '/system/integrations/registration',
            registration(),
            credentials,
            signal,
          );
          const uuid = typeof body === 'object' && body !== null && 'uuid' in body ? body.uuid : undefined;
          if (status < 300 && typeof uuid === 'string') return uuid;
          if (status === 404 || status === 405) return undefined;
          log.warn('the server did not take the registration', { status, body });
        }
      } catch (error) {
        if (!signal.aborted) log.warn('registration failed', { reason: (error as Error).message });
      }
      await pause(backoff(attempt, 2_000, 3_600_000), signal);
    }
    return undefined;
  }

  function registration() {
    const { registrationId, instanceId, name, description, version, accounts, namespaces, clusterName } = identity;
    return {
      registration_id: registrationId,
      registration_instance_id: instanceId,
      type: 'k8s_inventory_agent',
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
      version,
      started_at: new Date(started).toISOString(),
      uptime: uptime(),
      username: credentials.username,
      explicitly_account_bound: accounts,
      namespaces,
      cluster_name: clusterName,
      health_report_interval: identity.healthSeconds,
    };
  }

  function health() {
    const since = Date.now() - REMEMBERED_MS;
    reports = Object.fromEntries(Object.entries(reports).filter(([, one]) => Date.parse(one.report_timestamp) > since));
    const body = {
      uuid: randomUUID(),
      protocol_version: 1,
      timestamp: new Date().toISOString(),
      uptime: uptime(),
      health_report_interval: identity.healthSeconds,
      health_data: {
        type: 'k8s_inventory_agent',
        // of this form, not of the agent
        version: 1,
        errors,
        account_k8s_inventory_reports: reports,
      },
    };
    errors = [];
    return body;
  }

  return {
    noteDelivery(report, result, username) {
      const account = report.account ?? username;
      const known = reports[account];
      const own: AccountReport =
        known?.report_timestamp === report.timestamp
          ? known
          : {
              report_timestamp: report.timestamp,
              account_name: account,
              sent_as_user: username,
              batch_size: 0,
              last_successful_index: -1,
              has_errors: false,
              batches: [],
            };
      reports[account] = own;
      own.batch_size += 1;
      const accepted = result.outcome === 'accepted';
      if (accepted) own.last_successful_index = own.batch_size;
      else own.has_errors = true;
      own.batches.push({
        batch_index: own.batch_size,
        send_timestamp: new Date().toISOString(),
        ...(accepted ? {} : { error: result.message }),
      });
    },
    noteError(message) {
      if (errors.length < MAX_ERRORS && !errors.includes(message)) errors.push(message.slice(0, 500));
    },
    async run(signal) {
      let uuid = await register(signal);
      if (!uuid) return;
      log.info('registered', { uuid });
      while (uuid && !signal.aborted) {
        try {
          const { status, body } = await server.call(
            `/system/integrations/${uuid}/health-report`,
            health(),
            credentials,
            signal,
          );
          if (status === 404) uuid = await register(signal);
          else if (status >= 300) log.warn('the health report was not taken', { status, body });
        } catch (error) {
          if (!signal.aborted) log.warn('the health report was not delivered', { reason: (error as Error).message });
        }
        await pause(identity.healthSeconds * 1000, signal);
      }
    },
  };
}

/** Whether a version is at least the first that knows integrations; text that is no version is not. */
export function knowsIntegrations(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  if (!match) return false;
  const [major = 0, minor = 0] = [Number(match[1]), Number(match[2])];
  return major > FIRST_VERSION[0]! || (major === FIRST_VERSION[0] && minor >= FIRST_VERSION[1]!);
}
