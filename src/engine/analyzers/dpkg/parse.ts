import { parseStanzas, type Stanza } from './stanzas.ts';

/** An installed package as the status database describes it. */
export interface DpkgEntry {
  name: string;
  version: string;
  architecture: string;
  /** Source package; absent when it has the same name and version. */
  source?: string;
  sourceVersion?: string;
  maintainer?: string;
  homepage?: string;
  section?: string;
  /** First line of the description. */
  summary?: string;
  /** KiB as in `Installed-Size`, rounded up when the database gives bytes. */
  installedSize?: number;
  essential?: boolean;
  /** Entries of `Depends`, alternatives and versions as written. */
  depends: string[];
  preDepends: string[];
  provides: string[];
  conffiles: { path: string; md5?: string }[];
  /** `License` field of opkg databases. */
  license?: string;
}

/** Rows of one status file; `incomplete` counts paragraphs without name or version. */
export interface DpkgStatus {
  entries: DpkgEntry[];
  incomplete: number;
}

/**
 * States in which files of the package are on disk (dpkg(1), "Package states"). `not-installed` and `config-files`
 * are not: the package is gone.
 */
const GONE: ReadonlySet<string> = new Set(['not-installed', 'config-files']);

/** Reads a status database of dpkg or opkg, or one file of a `status.d` directory (which has no `Status` field). */
export function parseStatus(text: string): DpkgStatus {
  const status: DpkgStatus = { entries: [], incomplete: 0 };
  for (const stanza of parseStanzas(text)) {
    if (!isInstalled(stanza)) continue;
    const entry = toEntry(stanza);
    if (entry) status.entries.push(entry);
    else if (stanza.has('package')) status.incomplete++;
  }
  return status;
}

/** `Status` is `want flag state`; without it (distroless) the paragraph itself says that the package is there. */
function isInstalled(stanza: Stanza): boolean {
  const status = stanza.get('status');
  if (status === undefined || status === '') return true;
  const state = status.split(/\s+/)[2] ?? '';
  return !GONE.has(state.toLowerCase());
}

function toEntry(stanza: Stanza): DpkgEntry | undefined {
  const name = stanza.get('package');
  const version = stanza.get('version');
  if (!name || !version) return undefined;
  const source = parseSource(stanza.get('source'));
  const size = parseSize(stanza.get('installed-size'));
  return {
    name,
    version,
    architecture: stanza.get('architecture') ?? '',
    ...(source ?? {}),
    ...text('maintainer', stanza.get('maintainer')),
    ...text('homepage', stanza.get('homepage')),
    ...text('section', stanza.get('section')),
    ...text('summary', stanza.get('description')?.split('\n', 1)[0]),
    ...text('license', stanza.get('license')),
    ...(size === undefined ? {} : { installedSize: size }),
    ...(stanza.get('essential') === 'yes' ? { essential: true } : {}),
    depends: parseList(stanza.get('depends')),
    preDepends: parseList(stanza.get('pre-depends')),
    provides: parseList(stanza.get('provides')),
    conffiles: parseConffiles(stanza.get('conffiles')),
  };
}

function text<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value ? ({ [key]: value } as Partial<Record<K, string>>) : {};
}

/** `glibc` or `glibc (2.36-9)`. */
function parseSource(value: string | undefined): { source: string; sourceVersion?: string } | undefined {
  const match = /^([^\s(]+)\s*(?:\(([^)]*)\))?/.exec(value ?? '');
  if (!match) return undefined;
  const version = match[2]?.trim();
  return { source: match[1] as string, ...(version ? { sourceVersion: version } : {}) };
}

/** dpkg writes KiB; opkg and some builders write bytes or a number with a unit. */
function parseSize(value: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(value ?? '');
  if (!match) return undefined;
  const factor = { b: 1 / 1024, k: 1, m: 1024, g: 1024 * 1024 }[(match[2] ?? 'k')[0]?.toLowerCase() ?? 'k'] ?? 1;
  return Math.ceil(Number(match[1]) * factor);
}

function parseList(value: string | undefined): string[] {
  if (!value) return [];
  return value
    .split(',')
    .map((entry) => entry.replace(/\s+/g, ' ').trim())
    .filter((entry) => entry !== '');
}

/** Lines `path md5 [obsolete|remove-on-upgrade]`; `newconffile` stands for a file whose digest is not known yet. */
function parseConffiles(value: string | undefined): { path: string; md5?: string }[] {
  return (value ?? '').split('\n').flatMap((line) => {
    const match = /^(\/.*?)(?:\s+([0-9a-f]{32}|newconffile))?(?:\s+(?:obsolete|remove-on-upgrade))*$/.exec(line.trim());
    if (!match) return [];
    return [{ path: match[1] as string, ...(match[2] && match[2] !== 'newconffile' ? { md5: match[2] } : {}) }];
  });
}
