import type { z } from 'zod';
import { areas } from './areas.ts';
import { type SettingInfo, settingInfo } from './setting.ts';

/** One setting and where it lies in file and environment. */
export interface SettingEntry extends SettingInfo {
  area: string;
  key: string;
  schema: z.ZodType;
}

/** Variables which other programs of this package read. */
export const CLIENT_VARIABLES = ['WINDLASS_URL', 'WINDLASS_USERNAME', 'WINDLASS_PASSWORD', 'WINDLASS_ACCOUNT'];

/** Variables read before the settings: file name, and those of the agents and the start shim begin with these words. */
export const OTHER_VARIABLES = ['WINDLASS_CONFIG', 'WINDLASS_RUNTIME'];
export const AGENT_PREFIXES = ['WINDLASS_AGENT_', 'WINDLASS_TEST_'];

/** All settings in the order of the reference page. */
export function listSettings(): SettingEntry[] {
  const list: SettingEntry[] = [];
  for (const [area, { schema }] of Object.entries(areas)) {
    for (const [key, field] of Object.entries(schema.shape)) {
      const info = settingInfo(field);
      if (!info) throw new Error(`setting ${area}.${key} has no description`);
      list.push({ ...info, area, key, schema: field });
    }
  }
  return list;
}

/** The known name nearest to a misspelt one, or undefined when none is near (Levenshtein distance ≤ 2 or a third of its length). */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
