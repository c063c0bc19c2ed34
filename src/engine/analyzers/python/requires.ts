import { decodeText } from './headers.ts';

/** Requirements of an egg-info directory, in the form of `Requires-Dist`. */
export interface EggRequirements {
  kind: 'requires';
  rows: string[];
}

/**
 * Reads setuptools' `requires.txt`: requirements by line; a section `[extra:marker]` (either part may be missing)
 * applies to the lines below it.
 */
export function readRequires(bytes: Uint8Array): EggRequirements {
  const rows: string[] = [];
  let condition = '';
  for (const raw of decodeText(bytes).split(/\r?\n/)) {
    const line = raw.trim().slice(0, 1024);
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[([^\]:]*)(?::(.*))?\]$/.exec(line);
    if (section !== null) {
      const [, extra = '', marker = ''] = section;
      const parts = [marker === '' ? '' : `(${marker})`, extra === '' ? '' : `extra == '${extra.replaceAll("'", '')}'`];
      condition = parts.filter((part) => part !== '').join(' and ');
      continue;
    }
    rows.push(condition === '' ? line : `${line} ; ${condition}`);
    if (rows.length >= 2000) break;
  }
  return { kind: 'requires', rows };
}
