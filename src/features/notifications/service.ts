import { randomUUID } from 'node:crypto';
import {
  type DeliveryEndpoint,
  DeliveryError,
  type EndpointName,
  NOTIFIERS,
  type NotificationMessage,
  type Notifier,
  type NotifierTransport,
  SYSTEM_NOTIFIERS,
} from '#notifiers/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { SecretBox } from '#platform/secrets/index.ts';
import { badRequest, forbidden, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import { composeTest, type WrittenContent } from './compose.ts';
import { shownSecrets, shownSettings, splitConfiguration } from './configuration-fields.ts';
import {
  type ConfigurationRow,
  deleteConfiguration,
  deleteSelector,
  endpointStates,
  findConfiguration,
  findSelector,
  insertConfiguration,
  insertSelector,
  listConfigurations,
  listSelectors,
  type SelectorRow,
  type SelectorValues,
  setEndpoint,
  setOptions,
  updateConfiguration,
  updateSelector,
} from './configuration-store.ts';
import { type DeliveryFilter, insertDelivery, listDeliveries, replayDead, replayDelivery } from './delivery-store.ts';
import { type DeliveryOptions, knownTimeZone } from './options.ts';

const PURPOSE = 'notification-configuration';

export interface NotificationServiceDependencies {
  database: Database;
  secrets: SecretBox;
  transport: NotifierTransport;
}

export type NotificationService = ReturnType<typeof createNotificationService>;

/** A configuration as clients see it. */
export type ConfigurationView = Record<string, unknown> & { uuid: string };

/** Endpoints, their configurations and what selects events for them. */
export function createNotificationService({ database, secrets, transport }: NotificationServiceDependencies) {
  const { db } = database;

  const seal = (values: Record<string, string>) =>
    Object.keys(values).length === 0 ? null : secrets.encryptSecret(JSON.stringify(values), PURPOSE);
  const unseal = (ciphertext: string | null): Record<string, string> =>
    ciphertext === null ? {} : JSON.parse(secrets.decryptSecret(ciphertext, PURPOSE));

  function view(row: ConfigurationRow): ConfigurationView {
    const endpoint = row.endpoint as EndpointName;
    return {
      uuid: row.uuid,
      ...(row.description === null ? {} : { description: row.description }),
      ...shownSettings(row.settings as Record<string, unknown>),
      ...shownSecrets(endpoint, unseal(row.secrets)),
      created_at: row.created_at.toISOString(),
      last_updated: row.last_updated.toISOString(),
    };
  }

  async function find(account: string, uuid: string, endpoint?: EndpointName): Promise<ConfigurationRow> {
    const row = isUuid(uuid) ? await findConfiguration(db, account, uuid) : undefined;
    if (!row || (endpoint && row.endpoint !== endpoint))
      throw notFound(`notification configuration not found: ${uuid}`);
    return row;
  }

  async function send(
    endpoint: DeliveryEndpoint,
    values: Record<string, unknown>,
    message: NotificationMessage,
    signal: AbortSignal,
  ) {
    // The configuration was checked against the schema of its endpoint when it was taken.
    const notify = { ...NOTIFIERS, ...SYSTEM_NOTIFIERS }[endpoint] as unknown as Notifier<Record<string, unknown>>;
    return notify(values, message, transport, signal);
  }

  async function test(account: string, endpoint: EndpointName, values: Record<string, unknown>, signal: AbortSignal) {
    try {
      return await send(endpoint, values, composeTest(randomUUID(), account), signal);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return { status: error.receipt?.status ?? 'failed', response: error.receipt?.response || error.message };
    }
  }

  return {
    send,
    seal,
    unseal,

    async endpoints() {
      const states = new Map((await endpointStates(db)).map((row) => [row.name, row]));
      return (Object.keys(NOTIFIERS) as EndpointName[]).map((name) => {
        const state = states.get(name);
        return {
          name,
          enabled: state?.enabled ?? true,
          ...(state ? { last_updated: state.last_updated.toISOString() } : {}),
        };
      });
    },

    async setEndpoint(name: string, enabled: boolean) {
      if (!Object.hasOwn(NOTIFIERS, name)) throw notFound(`notification endpoint not found: ${name}`);
      await setEndpoint(db, name as EndpointName, enabled);
      return { enabled, last_updated: new Date().toISOString() };
    },

    list: async (account: string, endpoint: EndpointName) =>
      (await listConfigurations(db, account, endpoint)).map(view),
    get: async (account: string, endpoint: EndpointName, uuid: string) => view(await find(account, uuid, endpoint)),

    async create(account: string, endpoint: EndpointName, body: Record<string, unknown>): Promise<ConfigurationView> {
      const { secrets: values, ...rest } = splitConfiguration(endpoint, body);
      return view(await insertConfiguration(db, account, randomUUID(), endpoint, { ...rest, secrets: seal(values) }));
    },

    async update(account: string, endpoint: EndpointName, uuid: string, body: Record<string, unknown>) {
      const row = await find(account, uuid, endpoint);
      const { secrets: values, ...rest } = splitConfiguration(endpoint, body, {
        settings: row.settings as Record<string, unknown>,
        secrets: unseal(row.secrets),
      });
      return view(await updateConfiguration(db, account, row.uuid, { ...rest, secrets: seal(values) }));
    },

    async remove(account: string, endpoint: EndpointName, uuid: string): Promise<void> {
      const row = await find(account, uuid, endpoint);
      await deleteConfiguration(db, account, row.uuid);
    },

    async status(account: string, endpoint: EndpointName, uuid: string) {
      const row = await find(account, uuid, endpoint);
      return { status: row.status as 'unknown' | 'healthy' | 'unhealthy' };
    },

    async testStored(account: string, endpoint: EndpointName, uuid: string, signal: AbortSignal) {
      const row = await find(account, uuid, endpoint);
      return test(account, endpoint, { ...(row.settings as object), ...unseal(row.secrets) }, signal);
    },

    testUnsaved: (account: string, endpoint: EndpointName, body: Record<string, unknown>, signal: AbortSignal) => {
      const { settings, secrets: values } = splitConfiguration(endpoint, body);
      return test(account, endpoint, { ...settings, ...values }, signal);
    },

    async selectors(
      account: string,
      endpoint: EndpointName | undefined,
      configuration?: string,
    ): Promise<SelectorRow[]> {
      if (configuration !== undefined) await find(account, configuration, endpoint);
      return listSelectors(db, account, configuration);
    },

    async selector(account: string, endpoint: EndpointName, configuration: string, uuid: string): Promise<SelectorRow> {
      await find(account, configuration, endpoint);
      const row = isUuid(uuid) ? await findSelector(db, account, configuration, uuid) : undefined;
      if (!row) throw notFound(`notification selector not found: ${uuid}`);
      return row;
    },

    async addSelector(
      account: string,
      isAdmin: boolean,
      endpoint: EndpointName,
      configuration: string,
      values: SelectorValues,
    ) {
      checkScope(values, account, isAdmin);
      await find(account, configuration, endpoint);
      return insertSelector(db, account, configuration, randomUUID(), values);
    },

    async updateSelector(
      account: string,
      isAdmin: boolean,
      endpoint: EndpointName,
      configuration: string,
      uuid: string,
      values: SelectorValues,
    ): Promise<SelectorRow> {
      checkScope(values, account, isAdmin);
      await find(account, configuration, endpoint);
      const row = isUuid(uuid) ? await updateSelector(db, account, configuration, uuid, values) : undefined;
      if (!row) throw notFound(`notification selector not found: ${uuid}`);
      return row;
    },

    async removeSelector(account: string, endpoint: EndpointName, configuration: string, uuid: string): Promise<void> {
      await find(account, configuration, endpoint);
      const removed = isUuid(uuid) && (await deleteSelector(db, account, configuration, uuid));
      if (!removed) throw notFound(`notification selector not found: ${uuid}`);
    },

    /** A configuration with how it sends and how it fared. */
    async detail(account: string, uuid: string) {
      const row = await find(account, uuid);
      return {
        endpoint: row.endpoint as EndpointName,
        configuration: view(row),
        options: row.options as DeliveryOptions,
        signed: unseal(row.secrets).signing_secret !== undefined,
        status: row.status as 'unknown' | 'healthy' | 'unhealthy',
        last_error: row.last_error,
        last_attempt_at: row.last_attempt_at?.toISOString() ?? null,
        last_success_at: row.last_success_at?.toISOString() ?? null,
        paused_until: row.paused_until?.toISOString() ?? null,
      };
    },

    /** Replaces how a configuration sends. The key of signatures is kept when none is given, and dropped when it is empty. */
    async setOptions(account: string, uuid: string, options: DeliveryOptions, signingSecret?: string): Promise<void> {
      const row = await find(account, uuid);
      const zone = options.quiet_hours?.time_zone;
      if (zone !== undefined && !knownTimeZone(zone)) throw badRequest(`quiet_hours.time_zone is not known: ${zone}`);
      const values = unseal(row.secrets);
      if (signingSecret !== undefined) {
        if (row.endpoint !== 'webhook') throw badRequest('signing_secret is only for webhooks');
        if (signingSecret === '') delete values.signing_secret;
        else values.signing_secret = signingSecret;
      }
      await setOptions(db, account, row.uuid, options, seal(values));
    },

    deliveries: (account: string, filter: DeliveryFilter, limit: number) => listDeliveries(db, account, filter, limit),

    async replay(account: string, id: string): Promise<void> {
      if (!isUuid(id) || !(await replayDelivery(db, account, id))) {
        throw notFound(`delivery not found, or on its way already: ${id}`);
      }
    },

    /** Queues again what was given up; returns how many. */
    replayDead: (account: string, filter: { configuration?: string; since?: Date }) => replayDead(db, account, filter),

    /** Queues a message for one configuration of the account. Returns the id of the delivery. */
    async sendMessage(account: string, endpoint: EndpointName, uuid: string, content: WrittenContent): Promise<string> {
      const row = await find(account, uuid, endpoint);
      const id = randomUUID();
      await insertDelivery(db, { id, account, configuration: row.uuid, content: { written: content } });
      return id;
    },
  };
}

function checkScope(values: SelectorValues, account: string, isAdmin: boolean): void {
  if (values.scope === 'global' && !(isAdmin && account === 'admin')) {
    throw forbidden('global selectors are for the admin account');
  }
}
