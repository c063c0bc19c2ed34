/** A file of an installed apk package. */
export interface ApkFile {
  /** Without leading slash, as the database says. */
  path: string;
  /** `sha1:…` or `sha256:…`. */
  digest?: string;
  uid?: string;
  gid?: string;
  /** Octal permission bits. */
  mode?: string;
}

/** One record of the `installed` database. */
export interface ApkEntry {
  name: string;
  version: string;
  architecture?: string;
  description?: string;
  url?: string;
  license?: string;
  /** Package that it was built from (`o:`). */
  origin?: string;
  maintainer?: string;
  /** Bytes of the package file and installed. */
  size?: number;
  installedSize?: number;
  /** `C:` as written: `Q1…` sha1 or `Q2…` sha256 of the control part, base64. */
  checksum?: string;
  /** Commit of the build description. */
  commit?: string;
  buildTime?: number;
  depends: string[];
  provides: string[];
  files: ApkFile[];
}

/** Records, and how many had no name or version. */
export interface ApkDatabase {
  entries: ApkEntry[];
  incomplete: number;
}

const EMPTY = (): ApkEntry => ({ name: '', version: '', depends: [], provides: [], files: [] });

/**
 * Reads the text database of installed packages of apk-tools 2 and 3: one `X:value` line per field, records
 * separated by an empty line. `F:` opens a directory, `R:` a file in it; `a:` and `Z:` speak of the last file, `M:` of
 * the last directory.
 */
export function parseInstalled(text: string): ApkDatabase {
  const database: ApkDatabase = { entries: [], incomplete: 0 };
  let entry: ApkEntry | undefined;
  let directory = '';
  let file: ApkFile | undefined;
  const close = (): void => {
    if (entry?.name && entry.version) database.entries.push(entry);
    else if (entry) database.incomplete++;
    entry = undefined;
    directory = '';
    file = undefined;
  };
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.charCodeAt(end - 1) === 13 && end > start ? text.slice(start, end - 1) : text.slice(start, end);
    start = end + 1;
    if (line === '') close();
    if (line.charCodeAt(1) !== 58) continue;
    entry ??= EMPTY();
    const value = line.slice(2);
    switch (line[0]) {
      case 'F':
        directory = value === '' || value.endsWith('/') ? value : `${value}/`;
        file = undefined;
        break;
      case 'R':
        file = { path: directory + value };
        entry.files.push(file);
        break;
      case 'a':
        if (file) Object.assign(file, ownership(value));
        break;
      case 'Z':
        if (file) Object.assign(file, digestOf(value));
        break;
      default:
        setField(entry, line[0] as string, value);
    }
  }
  close();
  return database;
}

function setField(entry: ApkEntry, letter: string, value: string): void {
  if (letter === 'D') entry.depends = words(value);
  else if (letter === 'p') entry.provides = words(value);
  else if (letter === 'S' || letter === 'I' || letter === 't') {
    if (/^\d{1,15}$/.test(value))
      entry[letter === 'S' ? 'size' : letter === 'I' ? 'installedSize' : 'buildTime'] = Number(value);
  } else {
    const key = TEXT_FIELDS[letter];
    if (key && value !== '') entry[key] = value;
  }
}

type TextField =
  | 'name'
  | 'version'
  | 'architecture'
  | 'description'
  | 'url'
  | 'license'
  | 'origin'
  | 'maintainer'
  | 'checksum'
  | 'commit';

const TEXT_FIELDS: Readonly<Record<string, TextField>> = {
  P: 'name',
  V: 'version',
  A: 'architecture',
  T: 'description',
  U: 'url',
  L: 'license',
  o: 'origin',
  m: 'maintainer',
  C: 'checksum',
  c: 'commit',
};

function words(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

/** `uid:gid:mode`, with an optional checksum of extended attributes behind. */
function ownership(value: string): Partial<ApkFile> {
  const [uid, gid, mode] = value.split(':');
  return { ...(uid ? { uid } : {}), ...(gid ? { gid } : {}), ...(mode ? { mode: mode.padStart(4, '0') } : {}) };
}

/** `Q1` + base64 of a sha1, `Q2` + base64 of a sha256; old databases have 32 hex digits of md5. */
function digestOf(value: string): Partial<ApkFile> {
  if (/^[0-9a-f]{32}$/.test(value)) return { digest: `md5:${value}` };
  const algorithm = { Q1: ['sha1', 20], Q2: ['sha256', 32] }[value.slice(0, 2)] as [string, number] | undefined;
  if (!algorithm) return {};
  const bytes = Buffer.from(value.slice(2), 'base64');
  return bytes.length === algorithm[1] ? { digest: `${algorithm[0]}:${bytes.toString('hex')}` } : {};
}
