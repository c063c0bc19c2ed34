import type { z } from 'zod';

/** How a setting is reached from the environment and described in the reference page. */
export interface SettingInfo {
  /** Environment variable of this setting. */
  env: string;
  /** Names of other products' variables that mean the same; the own name wins. */
  aliases?: string[];
  /** One or two sentences for operators. */
  doc: string;
  /** Never printed. */
  secret?: boolean;
  /** Text of the default when it depends on the machine. */
  defaultText?: string;
}

/** An area of settings: section of the file, member of `Config`. */
export interface Area {
  title: string;
  schema: z.ZodObject;
}

const infos = new WeakMap<z.ZodType, SettingInfo>();

/** Marks a field of an area's schema as a setting. */
export function setting<T extends z.ZodType>(info: SettingInfo, schema: T): T {
  infos.set(schema, info);
  return schema;
}

/** The description given to `setting`; undefined for a plain field. */
export function settingInfo(schema: z.ZodType): SettingInfo | undefined {
  return infos.get(schema);
}
