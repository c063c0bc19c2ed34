import type { SystemConfigurationValue } from '#contract/configurations.ts';
import type { Config } from '#platform/config/index.ts';
import type { Database } from '#platform/database/types.ts';
import { type ConfigurationEntry, findConfiguration } from './configuration-catalogue.ts';
import { type ConfigurationRow, listConfigurationRows } from './configuration-store.ts';

/**
 * The settings in force: configuration file and environment over values of the API over defaults. Features hold
 * `settings.<area>` and read members when they need them: they see changes made through the API.
 */
export interface LiveSettings {
  /** Same shape as the configuration; its members change. */
  settings: Config;
  /** The stored change of a setting, if any. */
  stored(key: string): ConfigurationRow | undefined;
  /** Whether the operator gave the setting in file, environment or command line. */
  fixed(entry: ConfigurationEntry): boolean;
  value(entry: ConfigurationEntry): SystemConfigurationValue;
  /** Reads the stored changes; to be called at the start, before the settings are used. */
  load(): Promise<void>;
  /** Reloads in all processes after a change. */
  publish(): Promise<void>;
  /** Follows changes made in other processes; returns how to stop. */
  follow(): Promise<() => Promise<void>>;
}

const CHANNEL = 'configuration';

/**
 * Creates the live settings. `given` are the keys (`area.setting`) which the operator set; without it, those whose
 * value differs from the default.
 */
export function createLiveSettings(options: {
  database: Database;
  config: Config;
  given?: ReadonlySet<string>;
}): LiveSettings {
  const { database, config, given } = options;
  let rows = new Map<string, ConfigurationRow>();

  const configured = (entry: ConfigurationEntry): unknown =>
    (config[entry.area] as Record<string, unknown>)[entry.setting];

  function fixed(entry: ConfigurationEntry): boolean {
    if (given) return given.has(entry.key);
    return JSON.stringify(configured(entry) ?? null) !== JSON.stringify(entry.form.default_value ?? null);
  }

  /** The value of the API when it is in force: the operator did not set the key, and the value still fits. */
  function override(key: string): { value: unknown } | undefined {
    const row = rows.get(key);
    const entry = row && findConfiguration(key);
    if (!row || !entry || entry.locked !== undefined || fixed(entry)) return undefined;
    const parsed = entry.schema.safeParse(row.value.value);
    return parsed.success ? { value: parsed.data } : undefined;
  }

  function areaView(name: string, area: object): object {
    return new Proxy(area, {
      get(target, property) {
        const changed = typeof property === 'string' ? override(`${name}.${property}`) : undefined;
        return changed ? changed.value : Reflect.get(target, property);
      },
    });
  }

  const views = Object.entries(config).map(([name, area]) => [name, areaView(name, { ...area })]);

  async function load(): Promise<void> {
    rows = new Map((await listConfigurationRows(database.db)).map((row) => [row.key, row]));
  }

  return {
    settings: Object.fromEntries(views) as Config,
    stored: (key) => rows.get(key),
    fixed,
    value(entry) {
      const value = override(entry.key)?.value ?? configured(entry);
      return (value ?? null) as SystemConfigurationValue;
    },
    load,
    async publish() {
      await load();
      await database.notify(database.db, CHANNEL, '');
    },
    follow: () => database.listen(CHANNEL, () => void load()),
  };
}
