import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { areas } from './areas.ts';
import { nearest } from './names.ts';

/** Settings of the file: area → key → value as YAML gives it. */
export interface FileSettings {
  values: Record<string, Record<string, unknown>>;
  problems: string[];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a YAML file of settings; a file that was named must exist, the default one may be absent. */
export function readFile(path: string, required: boolean): FileSettings {
  if (!existsSync(path)) {
    return { values: {}, problems: required ? [`configuration file ${path} does not exist`] : [] };
  }
  try {
    return checkFile(parse(readFileSync(path, 'utf8')) ?? {}, path);
  } catch (error) {
    return {
      values: {},
      problems: [`configuration file ${path}: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
}

function checkFile(document: unknown, path: string): FileSettings {
  const result: FileSettings = { values: {}, problems: [] };
  if (!isMapping(document))
    return { values: {}, problems: [`configuration file ${path}: expected sections such as "server:"`] };
  for (const [name, section] of Object.entries(document)) {
    if (name === 'services') {
      readServices(section, path, result);
      continue;
    }
    const area = Object.hasOwn(areas, name) ? areas[name as keyof typeof areas] : undefined;
    if (!area) {
      result.problems.push(unknown(path, `section "${name}"`, nearest(name, Object.keys(areas))));
      continue;
    }
    if (section === null) continue;
    if (!isMapping(section)) {
      result.problems.push(`configuration file ${path}: section "${name}" must hold settings`);
      continue;
    }
    const keys = Object.keys(area.schema.shape);
    const values: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(section)) {
      if (keys.includes(key)) {
        if (value !== null) values[key] = value;
      } else result.problems.push(unknown(path, `setting "${name}.${key}"`, nearest(key, keys)));
    }
    result.values[name] = { ...result.values[name], ...values };
  }
  return result;
}

/** Settings that other products' files keep under the service that uses them: path → area. */
const SERVICE_SETTINGS: Record<string, string> = { 'catalog.runtime_inventory': 'retention' };

/** Takes `services.catalog.runtime_inventory` as it stands in files of other products; own sections win over it. */
function readServices(services: unknown, path: string, result: FileSettings): void {
  const sections = isMapping(services) ? Object.entries(services) : [];
  for (const [service, groups] of sections) {
    for (const [group, settings] of isMapping(groups) ? Object.entries(groups) : []) {
      const name = `${service}.${group}`;
      const area = SERVICE_SETTINGS[name];
      if (!area || !isMapping(settings)) {
        result.problems.push(unknown(path, `section "services.${name}"`, undefined));
        continue;
      }
      const keys = Object.keys(areas[area as keyof typeof areas].schema.shape);
      for (const [key, value] of Object.entries(settings)) {
        if (!keys.includes(key))
          result.problems.push(unknown(path, `setting "services.${name}.${key}"`, nearest(key, keys)));
        else if (value !== null) result.values[area] = { [key]: value, ...result.values[area] };
      }
    }
  }
}

function unknown(path: string, what: string, guess: string | undefined): string {
  return `configuration file ${path}: unknown ${what}${guess ? `; did you mean "${guess}"?` : ''}`;
}
