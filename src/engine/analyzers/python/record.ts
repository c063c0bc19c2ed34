import { decodeText } from './headers.ts';

/** One file of an installed distribution. Path as written: relative to the site-packages directory. */
export interface RecordRow {
  path: string;
  /** `sha256:<hex>` */
  digest?: string;
  size?: number;
}

/** Fact of a RECORD or installed-files.txt. */
export interface PythonRecord {
  kind: 'record';
  rows: RecordRow[];
}

const MOST_ROWS = 50_000;

/** Splits one CSV line (RFC 4180 quoting: doubled quotes inside quotes). */
function fields(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const out: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quoted) {
      if (char !== '"') field += char;
      else if (line[i + 1] === '"') field += line[++i];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      out.push(field);
      field = '';
    } else field += char;
  }
  out.push(field);
  return out;
}

/** `sha256=<url-safe base64 without padding>` as `sha256:<hex>`; undefined for anything else. */
function digest(text: string): string | undefined {
  const match = /^(sha256|sha384|sha512|md5|sha1)=([\w-]{16,88}=*)$/.exec(text);
  const [, algorithm, value] = match ?? [];
  if (algorithm === undefined || value === undefined) return undefined;
  return `${algorithm}:${Buffer.from(value, 'base64url').toString('hex')}`;
}

/**
 * Reads RECORD (PyPA "Recording installed projects": CSV of path, hash, size). Byte-code files, which every start of
 * the interpreter may rewrite, are left out. Lines that do not parse are skipped.
 */
export function readRecord(bytes: Uint8Array): PythonRecord {
  const rows: RecordRow[] = [];
  for (const line of decodeText(bytes).split(/\r?\n/)) {
    if (line === '') continue;
    const [path = '', hash = '', size = ''] = fields(line);
    if (path === '' || path.length > 4096 || path.endsWith('.pyc')) continue;
    const row: RecordRow = { path };
    const found = digest(hash);
    if (found !== undefined) row.digest = found;
    if (/^\d{1,15}$/.test(size)) row.size = Number(size);
    rows.push(row);
    if (rows.length >= MOST_ROWS) break;
  }
  return { kind: 'record', rows };
}

/** Reads `installed-files.txt` of an egg-info directory: paths relative to that directory. */
export function readInstalledFiles(bytes: Uint8Array, eggInfo: string): PythonRecord {
  const rows: RecordRow[] = [];
  for (const line of decodeText(bytes).split(/\r?\n/)) {
    const path = line.trim();
    if (path === '' || path.length > 4096 || path.endsWith('.pyc')) continue;
    rows.push({ path: `${eggInfo}/${path}` });
    if (rows.length >= MOST_ROWS) break;
  }
  return { kind: 'record', rows };
}

/** Joins a path of RECORD to its directory: `..` may climb, an absolute path stands for itself, the root is kept. */
export function resolveRecorded(directory: string, path: string): string {
  const segments: string[] = path.startsWith('/') ? [] : directory.split('/').filter((segment) => segment !== '');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return `/${segments.join('/')}`;
}
