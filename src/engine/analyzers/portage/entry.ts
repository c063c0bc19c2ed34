import type { OwnedFile } from '../../model/package.ts';

/** Name and version of an installed package: `gcc-13.2.1_p20240113-r1`. */
export interface PortageIdentity {
  name: string;
  /** With the revision of the ebuild: `13.2.1_p20240113-r1`. */
  version: string;
}

/** Version at the end of a directory's name (PMS 3.2): numbers, a letter, suffixes, a revision. */
const IDENTITY = /^(?<name>[\w+][\w+-]*?)-(?<version>\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?)$/;
const MOST_FILES = 500_000;
const LONGEST_LINE = 10_000;

/** Splits the name of a package's directory; undefined when it has no version. */
export function splitIdentity(directory: string): PortageIdentity | undefined {
  if (directory.length > 200) return undefined;
  const { name, version } = IDENTITY.exec(directory)?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}

/**
 * Reads `CONTENTS`: a line for each directory, file (with MD5 and time) and link. Names may hold spaces, so what
 * follows them is taken from the end. Directories are left out: packages share them.
 */
export function readContents(text: string): OwnedFile[] {
  const files: OwnedFile[] = [];
  for (const line of text.split('\n')) {
    if (files.length >= MOST_FILES) break;
    if (line.length > LONGEST_LINE) continue;
    const object = /^obj (\/.*) ([0-9a-f]{32}) \d+\s*$/.exec(line);
    if (object) files.push({ path: object[1] as string, digest: `md5:${object[2]}` });
    const link = object ? null : /^sym (\/.*?) -> .* \d+\s*$/.exec(line);
    if (link) files.push({ path: link[1] as string });
  }
  return files;
}

/** Category and name of a dependency: `>=dev-libs/openssl-1.1.1:0=[bindist(-)]`; undefined for blockers. */
export function packageOfAtom(atom: string): string | undefined {
  if (atom.startsWith('!') || atom.length > 300) return undefined;
  const bare = atom.replace(/^[<>=~]+/, '').replace(/[:[].*$/s, '');
  const [category, name, ...rest] = bare.split('/');
  if (!category || !name || rest.length > 0) return undefined;
  const hasVersion = /^[<>=~]/.test(atom);
  return `${category}/${hasVersion ? (splitIdentity(name.replace(/\*$/, ''))?.name ?? name) : name}`;
}
