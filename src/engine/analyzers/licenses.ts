import type { PackageLicense } from '../model/package.ts';
import { toSpdxExpression } from './licenses-spdx.ts';

/**
 * Licences as packages state them, each once, with the SPDX expression when the text is one or stands for one.
 * Text longer than a name (a whole licence pasted into the field) is cut to its first line.
 */
export function licensesOf(texts: Iterable<string>): PackageLicense[] {
  const licenses = new Map<string, PackageLicense>();
  for (const text of texts) {
    const value = firstLine(text);
    if (value === '' || licenses.has(value)) continue;
    const spdxExpression = toSpdxExpression(value);
    licenses.set(value, spdxExpression ? { value, spdxExpression } : { value });
  }
  return [...licenses.values()];
}

function firstLine(text: string): string {
  const trimmed = text.trim();
  const line = trimmed.split(/\r?\n/, 1)[0] ?? '';
  return line.length > 500 ? `${line.slice(0, 499)}…` : line.trim();
}
