/** A package as Conan refers to it: `zlib/1.2.13@user/channel#revision:packageId`. */
export interface ConanReference {
  name: string;
  version: string;
  user?: string;
  channel?: string;
  revision?: string;
  packageId?: string;
}

/** Fact of one `conaninfo.txt`. */
export interface ConanInfo {
  /** Packages that this one was built with, in full. */
  requires: ConanReference[];
  settings: Record<string, string>;
}

const MOST_REQUIRES = 1000;
const MOST_SETTINGS = 100;
const REFERENCE =
  /^(?<name>[a-z0-9_][\w+.-]{1,100})\/(?<version>\d[\w+.-]{0,100})(?:@(?<user>[\w+.-]{0,100})(?:\/(?<channel>[\w+.-]{0,100}))?)?(?:#(?<revision>[0-9a-f]{1,64}))?(?::(?<packageId>[0-9a-f]{1,64})(?:#[0-9a-f]{1,64})?)?$/i;

/** Reads a reference; undefined for ranges and for versions that are cut (`1.2.Z`), which Conan uses to compare builds. */
export function readReference(text: string): ConanReference | undefined {
  const groups = text.length > 600 ? undefined : REFERENCE.exec(text.trim())?.groups;
  if (!groups || /\.[XYZ]$|^[XYZ]$/.test(groups.version ?? '')) return undefined;
  const { name = '', version = '', ...rest } = groups;
  // `_` stands for none in the directories of the cache.
  const stated = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '' && value !== '_');
  return { name, version, ...Object.fromEntries(stated) };
}

/** Reads `conaninfo.txt`: sections in brackets, each with indented lines (Conan 1 and 2). */
export function readConanInfo(text: string): ConanInfo {
  const info: ConanInfo = { requires: [], settings: {} };
  let section = '';
  let settings = 0;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    const header = /^\[(\w{1,40})\]$/.exec(trimmed)?.[1];
    if (header !== undefined) section = header;
    else if (section === 'full_requires' && info.requires.length < MOST_REQUIRES) {
      const reference = readReference(trimmed);
      if (reference) info.requires.push(reference);
    } else if (section === 'settings' && settings < MOST_SETTINGS) {
      const [, key, value] = /^([\w.]{1,60})=(.{1,100})$/.exec(trimmed) ?? [];
      if (key === undefined || value === undefined) continue;
      settings++;
      info.settings[key] = value;
    }
  }
  return info;
}
