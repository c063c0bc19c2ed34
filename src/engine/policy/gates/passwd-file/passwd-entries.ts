import type { TriggerContext } from '../../gate.ts';
import { readRetrievedFile } from '../../retrieved-text.ts';

/** One line of passwd(5). */
export interface PasswdEntry {
  line: string;
  name: string;
  uid?: number;
  gid?: number;
  shell: string;
}

/** Path of the user database. */
export const PASSWD_PATH = '/etc/passwd';

/**
 * Entries of the user database after passwd(5), comments and lines without a name left out. A later entry of the
 * same name does not hide the first: programs differ in which one they use. Notes a problem when it was not captured.
 */
export function passwdEntries(context: TriggerContext<unknown>): PasswdEntry[] {
  const text = readRetrievedFile(context, PASSWD_PATH);
  return text === undefined ? [] : parsePasswd(text);
}

/** Parses passwd(5) text; short lines keep the fields they have. */
export function parsePasswd(text: string): PasswdEntry[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', , uid, gid, , , shell = ''] = line.split(':');
      return { line, name, ...number('uid', uid), ...number('gid', gid), shell: shell.trim() };
    });
}

function number<K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? ({ [key]: Number(text) } as Record<K, number>) : {};
}
