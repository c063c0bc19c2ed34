import { openHeader, type RpmHeader } from './header.ts';

/** A file of an rpm, as the header lists it. Directories are left out. */
export interface RpmFile {
  path: string;
  /** `algorithm:hex`. */
  digest?: string;
  /** Octal permission bits. */
  mode?: string;
  user?: string;
  group?: string;
  size?: number;
  isConfig?: boolean;
}

/** The fields of an installed rpm that matter to us. */
export interface RpmPackage {
  name: string;
  version: string;
  release: string;
  epoch?: number;
  arch?: string;
  sourceRpm?: string;
  vendor?: string;
  packager?: string;
  license?: string;
  summary?: string;
  url?: string;
  /** Bytes installed. */
  size?: number;
  /** Seconds since 1970. */
  installTime?: number;
  buildTime?: number;
  /** `name:stream:version:context:arch`; absent for packages outside of modules. */
  modularityLabel?: string;
  provides: string[];
  requires: string[];
  files: RpmFile[];
}

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  buildTime: 1006,
  installTime: 1008,
  size: 1009,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  url: 1020,
  arch: 1022,
  oldFileNames: 1027,
  fileSizes: 1028,
  fileStates: 1029,
  fileModes: 1030,
  fileDigests: 1035,
  fileFlags: 1037,
  fileUsers: 1039,
  fileGroups: 1040,
  sourceRpm: 1044,
  provides: 1047,
  requires: 1049,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  longFileSizes: 5008,
  longSize: 5009,
  digestAlgorithm: 5011,
  modularityLabel: 5096,
} as const;

/** OpenPGP hash numbers, as `RPMTAG_FILEDIGESTALGO` uses them. */
const ALGORITHMS: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

const CONFIG_FLAG = 1;
const FILE_TYPE = 0o170000;
const DIRECTORY = 0o040000;
/** File states: left out on installation (documentation, languages), or of another word size. */
const NOT_ON_DISK: ReadonlySet<number> = new Set([2, 4]);

/** Reads the header blob of one package. Undefined when it is no header or has no name, version and release. */
export function parseRpmPackage(blob: Uint8Array): RpmPackage | undefined {
  const header = openHeader(blob);
  const name = header?.text(TAG.name);
  const version = header?.text(TAG.version);
  const release = header?.text(TAG.release);
  if (!header || !name || version === undefined || release === undefined) return undefined;
  return {
    name,
    version,
    release,
    ...numeric('epoch', header.number(TAG.epoch)),
    ...textual('arch', header.text(TAG.arch)),
    ...textual('sourceRpm', header.text(TAG.sourceRpm)),
    ...textual('vendor', header.text(TAG.vendor)),
    ...textual('packager', header.text(TAG.packager)),
    ...textual('license', header.text(TAG.license)),
    ...textual('summary', header.text(TAG.summary)),
    ...textual('url', header.text(TAG.url)),
    ...numeric('size', header.number(TAG.longSize) ?? header.number(TAG.size)),
    ...numeric('installTime', header.number(TAG.installTime)),
    ...numeric('buildTime', header.number(TAG.buildTime)),
    ...textual('modularityLabel', header.text(TAG.modularityLabel)),
    provides: unique(header.texts(TAG.provides)),
    requires: unique(header.texts(TAG.requires)),
    files: filesOf(header),
  };
}

function numeric<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, number>>);
}

/** rpm prints absent values as `(none)`, and some builders store that text. */
function textual<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value && value !== '(none)' ? ({ [key]: value } as Partial<Record<K, string>>) : {};
}

function unique(values: string[] | undefined): string[] {
  return [...new Set(values)];
}

function filesOf(header: RpmHeader): RpmFile[] {
  const paths = pathsOf(header);
  if (paths.length === 0) return [];
  const algorithm = ALGORITHMS[header.number(TAG.digestAlgorithm) ?? 1];
  const digests = algorithm ? header.texts(TAG.fileDigests) : undefined;
  const modes = header.numbers(TAG.fileModes);
  const states = header.numbers(TAG.fileStates);
  const flags = header.numbers(TAG.fileFlags);
  const users = header.texts(TAG.fileUsers);
  const groups = header.texts(TAG.fileGroups);
  const sizes = header.numbers(TAG.longFileSizes) ?? header.numbers(TAG.fileSizes);
  const files: RpmFile[] = [];
  for (let i = 0; i < paths.length; i++) {
    const mode = modes?.[i];
    if (mode !== undefined && (mode & FILE_TYPE) === DIRECTORY) continue;
    if (NOT_ON_DISK.has(states?.[i] ?? 0)) continue;
    const file: RpmFile = { path: paths[i] as string };
    if (digests?.[i]) file.digest = `${algorithm}:${digests[i]}`;
    if (mode !== undefined) file.mode = (mode & 0o7777).toString(8).padStart(4, '0');
    if (users?.[i]) file.user = users[i] as string;
    if (groups?.[i]) file.group = groups[i] as string;
    if (sizes?.[i] !== undefined) file.size = sizes[i] as number;
    if (((flags?.[i] ?? 0) & CONFIG_FLAG) !== 0) file.isConfig = true;
    files.push(file);
  }
  return files;
}

/** Paths are stored as directory and base name; headers of rpm 3 have whole paths. */
function pathsOf(header: RpmHeader): string[] {
  const baseNames = header.texts(TAG.baseNames);
  const dirNames = header.texts(TAG.dirNames);
  const dirIndexes = header.numbers(TAG.dirIndexes);
  if (!baseNames || !dirNames || !dirIndexes) return header.texts(TAG.oldFileNames) ?? [];
  return baseNames.map((name, i) => (dirNames[dirIndexes[i] ?? -1] ?? '') + name);
}
