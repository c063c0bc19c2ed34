import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SystemConfigurationSchema, SystemConfigurationValue } from '#contract/configurations.ts';
import { areas } from '#platform/config/areas.ts';
import { settingInfo } from '#platform/config/setting.ts';

/** One setting of the program, as the configuration API sees it. */
export interface ConfigurationEntry {
  /** `area.setting`. */
  key: string;
  area: keyof typeof areas;
  setting: string;
  /** Stable id made from the key. */
  uuid: string;
  category: string;
  title: string;
  description: string;
  /** Reads and checks a value, however it was spelt. */
  schema: z.ZodType;
  form: SystemConfigurationSchema;
  secret: boolean;
  /** Why the API may not change it; undefined when it may. */
  locked?: string;
  /** A change takes effect at the next start. */
  restart: boolean;
}

/** Areas that this process needs before it can read the database, or that differ from process to process. */
const LOCAL_AREAS: ReadonlySet<string> = new Set(['server', 'database', 'objects', 'secrets']);

/** Settings of the first start. */
const FIRST_START: ReadonlySet<string> = new Set(['auth.admin_password', 'auth.admin_email']);

/** Settings that are looked up each time they are needed. All others are read once, at the start. */
const LIVE: ReadonlySet<string> = new Set([
  'auth.max_api_key_age_days',
  'auth.max_api_keys_per_user',
  'auth.remove_deleted_api_keys_after_days',
  'auth.allow_api_keys_for_saml_users',
  'auth.disallow_native_users',
  'auth.sso_require_existing_users',
  'feeds.url',
  'feeds.sources',
  'feeds.exclude_providers',
  'feeds.hold_record_fall_percent',
  'feeds.hold_match_loss_percent',
  'feeds.max_age_days',
  'feeds.search_by_cpe',
  'matching.by_cpe',
  'matching.not_by_cpe',
  'matching.by_cpe_at_end_of_life',
  'matching.exclude_package_types',
  'matching.rhel_extended_updates',
  'matching.ubuntu_pro',
  'matching.kernel_headers',
  'matching.kernel_packages',
  'matching.duplicates',
  'matching.go_main_modules',
  'matching.built_in_exclusions',
  'retention.inventory_ttl_days',
  'retention.inventory_ingest_overwrite',
  'retention.image_ttl_days',
  'retention.image_ingest_overwrite',
  'retention.integration_health_days',
]);

/** All settings, in the order of the reference page. */
export const CONFIGURATIONS: readonly ConfigurationEntry[] = Object.entries(areas).flatMap(
  ([area, { title, schema }]) =>
    Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([setting, field]) => {
      const info = settingInfo(field);
      if (!info) return [];
      const key = `${area}.${setting}`;
      const locked = lockOf(area, key, info.secret === true);
      return {
        key,
        area: area as keyof typeof areas,
        setting,
        uuid: uuidOf(key),
        category: title,
        title: titleOf(setting),
        description: info.doc,
        schema: field,
        form: formOf(field),
        secret: info.secret === true,
        ...(locked === undefined ? {} : { locked }),
        restart: !LIVE.has(key),
      };
    }),
);

const BY_KEY = new Map(CONFIGURATIONS.map((entry) => [entry.key, entry]));

/** A setting by key. */
export function findConfiguration(key: string): ConfigurationEntry | undefined {
  return BY_KEY.get(key);
}

function lockOf(area: string, key: string, secret: boolean): string | undefined {
  if (LOCAL_AREAS.has(area)) return 'Belongs to one process: set it in its configuration file or environment';
  if (FIRST_START.has(key)) return 'Used at the first start only';
  return secret ? 'Secrets are set in the configuration file or environment' : undefined;
}

function titleOf(setting: string): string {
  const words = setting.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A uuid that depends on the key alone (version 8 of RFC 9562). */
function uuidOf(key: string): string {
  const hex = createHash('sha256').update(`configuration ${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface JsonSchema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: string;
  default?: unknown;
  items?: JsonSchema;
}

/** Type and bounds of a setting in the words of the API. */
function formOf(field: z.ZodType): SystemConfigurationSchema {
  const schema = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const isArray = schema.type === 'array';
  const item = isArray ? (schema.items ?? {}) : schema;
  return {
    data_type: dataType(item),
    default_value: (schema.default ?? null) as SystemConfigurationValue,
    is_array: isArray,
    ...(item.enum ? { enum: item.enum } : {}),
    ...(item.minimum === undefined ? {} : { ge: item.minimum }),
    ...(item.maximum === undefined ? {} : { le: item.maximum }),
    ...(item.minLength === undefined ? {} : { min_length: item.minLength }),
    ...(item.pattern === undefined ? {} : { regex: item.pattern }),
  };
}

function dataType(schema: JsonSchema): NonNullable<SystemConfigurationSchema['data_type']> {
  if (schema.enum) return 'string_enum';
  if (schema.type === 'integer' || schema.type === 'number' || schema.type === 'boolean') return schema.type;
  return 'string';
}
