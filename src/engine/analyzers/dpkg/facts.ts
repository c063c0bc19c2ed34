import type { FileContent, FileHead, FileReader } from '../../image/types.ts';
import { parseCopyright } from './copyright.ts';
import { type DpkgStatus, parseStatus } from './parse.ts';

/** What one file of the package database says. Lists stay text until their package is known to be installed. */
export type DpkgFact =
  | { kind: 'status'; status: DpkgStatus }
  | { kind: 'list'; text: string }
  | { kind: 'md5sums'; text: string }
  | { kind: 'diversions'; text: string }
  | { kind: 'copyright'; licenses: string[] };

const STATUS_LIMIT = 256 * 1024 * 1024;
const LIST_LIMIT = 64 * 1024 * 1024;
const COPYRIGHT_LIMIT = 4 * 1024 * 1024;

/** Picks the reader for files of dpkg's and opkg's databases and for copyright files. */
export function selectDpkgFile(file: FileHead): FileReader<DpkgFact> | undefined {
  const { path } = file;
  if (path.endsWith('/copyright')) return path.includes('/share/doc/') ? copyrightReader : undefined;
  const at = path.lastIndexOf('pkg/');
  if (at < 2) return undefined;
  const manager = path.slice(at - 2, at + 4);
  if (manager !== '/dpkg/' && manager !== '/opkg/') return undefined;
  const rest = path.slice(at + 4);
  if (rest === 'status') return statusReader;
  if (rest === 'diversions') return diversionsReader;
  if (rest.startsWith('status.d/')) return rest.endsWith('.md5sums') ? md5sumsReader : statusReader;
  if (!rest.startsWith('info/')) return undefined;
  if (rest.endsWith('.list')) return listReader;
  if (rest.endsWith('.md5sums')) return md5sumsReader;
  return manager === '/opkg/' && rest.endsWith('.control') ? statusReader : undefined;
}

function whole(limit: number, read: (text: string) => DpkgFact): FileReader<DpkgFact> {
  const decoder = new TextDecoder();
  return { kind: 'whole', limit, read: (content: FileContent) => read(decoder.decode(content.bytes())) };
}

const statusReader = whole(STATUS_LIMIT, (text) => ({ kind: 'status', status: parseStatus(text) }));
const listReader = whole(LIST_LIMIT, (text) => ({ kind: 'list', text }));
const md5sumsReader = whole(LIST_LIMIT, (text) => ({ kind: 'md5sums', text }));
const diversionsReader = whole(LIST_LIMIT, (text) => ({ kind: 'diversions', text }));
const copyrightReader = whole(COPYRIGHT_LIMIT, (text) => ({ kind: 'copyright', licenses: parseCopyright(text) }));
