import type { FileRecord } from '../../../model/analysis.ts';
import type { OwnedFile } from '../../../model/package.ts';
import { defineTrigger } from '../../gate.ts';
import { list, oneOf, optional } from '../../parameter.ts';

/** Fires once per file that differs from what its package manager recorded, or is missing. */
export const verify = defineTrigger({
  name: 'verify',
  description:
    'A file differs from the record of the package database, or is missing. Configuration files are left out.',
  parameters: {
    only_packages: optional(list, { description: 'Only files of these packages.', example: 'libssl3,openssl' }),
    only_directories: optional(list, {
      description: 'Only paths that start with one of these.',
      example: '/usr/bin,/usr/lib',
    }),
    check: optional(oneOf(['changed', 'missing']), {
      description: 'Only changed or only missing files.',
      example: 'changed',
    }),
  },
  *evaluate({ params, read }) {
    const packages = read('packages');
    const files = read('files');
    if (!packages || !files) return;
    const byPath = new Map(files.map((file) => [file.path, file]));
    const directories = params.only_directories;
    for (const pkg of packages) {
      if (!pkg.files || (params.only_packages && !params.only_packages.includes(pkg.name))) continue;
      for (const owned of pkg.files) {
        if (owned.isConfig || (directories && !directories.some((directory) => owned.path.startsWith(directory))))
          continue;
        const file = resolve(byPath, owned.path);
        const differences = file ? differencesOf(owned, file) : [];
        const status = file ? (differences.length > 0 ? 'changed' : undefined) : 'missing';
        if (status === undefined || (params.check !== undefined && params.check !== status)) continue;
        yield {
          message: `File ${owned.path} of package ${pkg.name} is ${status}${differences.length > 0 ? `: ${differences.join(', ')}` : ''}`,
          key: `${pkg.name}#${owned.path}#${status}`,
          evidence: { owner: pkg.name, path: owned.path, status, differences },
        };
      }
    }
  },
});

/**
 * The record of a path. Databases still name `/bin`, `/lib` and `/sbin`, which distributions with a merged /usr keep
 * as links: links on the way are followed.
 */
function resolve(byPath: ReadonlyMap<string, FileRecord>, path: string): FileRecord | undefined {
  let current = path;
  for (let hops = 0; hops < 16; hops++) {
    const record = byPath.get(current);
    if (record) return record;
    const next = followFirstLink(byPath, current);
    if (next === undefined) return undefined;
    current = next;
  }
  return undefined;
}

/** Replaces the first directory of the path that is a symbolic link by its target. */
function followFirstLink(byPath: ReadonlyMap<string, FileRecord>, path: string): string | undefined {
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const directory = byPath.get(path.slice(0, slash));
    if (directory?.type !== 'symlink' || directory.linkTarget === undefined) continue;
    const parent = path.slice(0, path.lastIndexOf('/', slash - 1));
    const target = directory.linkTarget.startsWith('/') ? directory.linkTarget : `${parent}/${directory.linkTarget}`;
    return normalise(target + path.slice(slash));
  }
  return undefined;
}

function normalise(path: string): string {
  const out: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop();
    else if (segment !== '' && segment !== '.') out.push(segment);
  }
  return `/${out.join('/')}`;
}

/** What both sides know and see differently: digest, permission bits, size. */
function differencesOf(owned: OwnedFile, file: FileRecord): string[] {
  const differences: string[] = [];
  const regular = file.type === 'file' || file.type === 'hardlink';
  const [algorithm, hex] = owned.digest?.toLowerCase().split(':') ?? [];
  const actual = algorithm === 'sha256' || algorithm === 'md5' || algorithm === 'sha1' ? file[algorithm] : undefined;
  if (regular && hex && actual !== undefined && actual.toLowerCase() !== hex)
    differences.push(`${algorithm} ${actual} instead of ${hex}`);
  const mode = owned.mode === undefined ? Number.NaN : Number.parseInt(owned.mode.replace(/^0o/, ''), 8) & 0o7777;
  if (file.type !== 'symlink' && !Number.isNaN(mode) && mode !== (file.mode & 0o7777)) {
    differences.push(`mode ${(file.mode & 0o7777).toString(8)} instead of ${mode.toString(8)}`);
  }
  if (regular && owned.size !== undefined && owned.size !== file.size)
    differences.push(`size ${file.size} instead of ${owned.size}`);
  return differences;
}
