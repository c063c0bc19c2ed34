import type {
  SystemConfiguration,
  SystemConfigurationSchema,
  SystemConfigurationValue,
} from '#contract/configurations.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import { CONFIGURATIONS, type ConfigurationEntry, findConfiguration } from './configuration-catalogue.ts';
import { deleteConfiguration, upsertConfiguration } from './configuration-store.ts';
import type { LiveSettings } from './live-settings.ts';
import { maskedAddresses, unmaskedAddresses } from './masked-addresses.ts';

/** A wanted value of a setting. */
export interface ConfigurationChange {
  key: string;
  value: SystemConfigurationValue;
}

/** The settings, for administrators. */
export interface ConfigurationService {
  list(): SystemConfiguration[];
  /** Throws 404. */
  get(key: string): SystemConfiguration;
  /** Types and bounds by key. */
  schema(): Record<string, SystemConfigurationSchema>;
  /** Changes all or none. 404 unknown key, 409 not editable, 400 bad value. */
  change(changes: readonly ConfigurationChange[], by: string): Promise<SystemConfiguration[]>;
  /** Back to the default. */
  reset(key: string, by: string): Promise<void>;
}

/** A change that was made, and by whom. */
export interface ConfigurationNote {
  key: string;
  change: 'set' | 'reset';
  by: string;
}

const MASK = '********';

/** Creates the service. */
export function createConfigurationService(options: {
  database: Database;
  live: LiveSettings;
  /** Told of each change in its transaction. */
  onChange?: ((tx: Db, note: ConfigurationNote) => Promise<void>) | undefined;
}): ConfigurationService {
  const { database, live, onChange = async () => undefined } = options;

  function present(entry: ConfigurationEntry): SystemConfiguration {
    const value = live.value(entry);
    const fixed = live.fixed(entry);
    const row = live.stored(entry.key);
    const inForce = row !== undefined && !fixed && entry.locked === undefined;
    const reason = entry.locked ?? (fixed ? 'Set in the configuration file or environment' : undefined);
    return {
      uuid: entry.uuid,
      key: entry.key,
      value: entry.secret && value !== null ? MASK : maskedAddresses(value),
      default_value: entry.secret ? null : (entry.form.default_value ?? null),
      title: entry.title,
      description: entry.description,
      category: entry.category,
      config_schema: entry.form,
      source: fixed ? 'config_file' : inForce ? 'api' : 'default',
      is_editable: reason === undefined,
      ...(reason === undefined ? {} : { editable_reason: reason }),
      requires_system_restart: entry.restart,
      is_secret: entry.secret,
      is_deprecated: false,
      is_system_internal: false,
      ...(row === undefined ? {} : { updated_at: row.last_updated.toISOString() }),
    };
  }

  function find(key: string): ConfigurationEntry {
    const entry = findConfiguration(key);
    if (!entry) throw notFound(`Configuration not found. Key=${key}`);
    return entry;
  }

  /** The value as it will be stored. */
  function check({ key, value }: ConfigurationChange): ConfigurationChange {
    const entry = find(key);
    const shown = present(entry);
    if (!shown.is_editable) throw conflict(`Configuration ${key} cannot be changed here. ${shown.editable_reason}`);
    const meant = value === null ? null : unmaskedAddresses(value, live.value(entry));
    const parsed = meant === null ? undefined : entry.schema.safeParse(meant);
    if (!parsed?.success) {
      const reason = parsed?.error.issues.map((issue) => issue.message).join('; ') ?? 'null is not a value';
      throw badRequest(`Invalid value of ${key}: ${reason}`);
    }
    return { key, value: parsed.data as SystemConfigurationValue };
  }

  return {
    list: () => CONFIGURATIONS.map(present),
    get: (key) => present(find(key)),
    schema: () => Object.fromEntries(CONFIGURATIONS.map((entry) => [entry.key, entry.form])),
    async change(changes, by) {
      const checked = changes.map(check);
      await database.transaction(async (tx) => {
        for (const { key, value } of checked) {
          await upsertConfiguration(tx, key, value, by);
          await onChange(tx, { key, change: 'set', by });
        }
      });
      await live.publish();
      return checked.map(({ key }) => present(find(key)));
    },
    async reset(key, by) {
      find(key);
      await database.transaction(async (tx) => {
        await deleteConfiguration(tx, key);
        await onChange(tx, { key, change: 'reset', by });
      });
      await live.publish();
    },
  };
}
