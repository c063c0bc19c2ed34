import type { FileTree } from '../../image/types.ts';
import type { OwnedFile } from '../../model/package.ts';
import type { DpkgEntry } from './parse.ts';

/** Where a package's file goes instead: dpkg-divert(1). */
export interface Diversion {
  from: string;
  to: string;
  /** The package whose own file stays at `from`; `:` for local diversions, which move everybody's. */
  by: string;
}

/** Reads the diversion database: three lines each. */
export function parseDiversions(text: string): Diversion[] {
  const lines = text.split('\n');
  const diversions: Diversion[] = [];
  for (let i = 0; i + 2 < lines.length; i += 3) {
    diversions.push({ from: lines[i] as string, to: lines[i + 1] as string, by: lines[i + 2] as string });
  }
  return diversions;
}

/** Reads an md5sums file: `<32 hex>  path/without/leading/slash`. */
export function parseMd5sums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\\?([0-9a-f]{32})\s[ *]?(?:\.\/)?\/?(.+?)\r?$/.exec(line);
    if (match) sums.set(`/${match[2]}`, match[1] as string);
  }
  return sums;
}

/** What is known about the files of one package. */
export interface FileSources {
  list?: string | undefined;
  md5sums?: string | undefined;
  diversions: ReadonlyMap<string, Diversion>;
  /** Root of the file system that the database speaks of, ending with `/`. */
  root: string;
}

/** Files of a package as absolute image paths; directories are left out, diverted files are given at their new place. */
export function ownedFiles(entry: DpkgEntry, sources: FileSources, tree: FileTree): OwnedFile[] {
  const sums = parseMd5sums(sources.md5sums ?? '');
  const conffiles = new Map(entry.conffiles.map((file) => [file.path, file.md5]));
  const paths = new Set<string>();
  for (const line of (sources.list ?? '').split('\n')) {
    const path = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (path.startsWith('/') && path !== '/.') paths.add(path);
  }
  const parents = new Set([...paths].map((path) => path.slice(0, path.lastIndexOf('/'))));
  for (const path of sums.keys()) paths.add(path);
  for (const path of conffiles.keys()) paths.add(path);
  const files: OwnedFile[] = [];
  for (const path of paths) {
    const diversion = sources.diversions.get(path);
    const place = diversion && diversion.by !== entry.name ? diversion.to : path;
    const actual = sources.root + place.slice(1);
    const digest = sums.get(path) ?? conffiles.get(path);
    // A list names directories too, some of them through links (`/lib` of a merged /usr).
    if (!digest && (parents.has(path) || tree.get(actual)?.type === 'directory')) continue;
    files.push({
      path: actual,
      ...(digest ? { digest: `md5:${digest}` } : {}),
      ...(conffiles.has(path) ? { isConfig: true } : {}),
    });
  }
  return files;
}
