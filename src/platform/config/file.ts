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
    result.values[name] = values;
  }
  return result;
}

function unknown(path: string, what: string, guess: string | undefined): string {
  return `configuration file ${path}: unknown ${what}${guess ? `; did you mean "${guess}"?` : ''}`;
}
