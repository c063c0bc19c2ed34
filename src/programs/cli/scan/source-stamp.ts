import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files that make a folder a database location, first come first. */
const IN_FOLDER = ['latest.json', 'v6/latest.json', 'vulnerability.db'];

/** Changes when a local database location changes: size and time of its file. Undefined for addresses and missing files. */
export async function sourceStamp(location: string): Promise<string | undefined> {
  if (/^https?:/i.test(location)) return undefined;
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  for (const file of [path, ...IN_FOLDER.map((name) => join(path, name))]) {
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile()) return `${file} ${info.size} ${info.mtimeMs}`;
  }
  return undefined;
}
