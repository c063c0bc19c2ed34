import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { OwnedFile, Package, PackageLocation, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { fileName, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { distroQualifier, formatPurl } from '../purl.ts';
import type { CollectContext, Evidence } from '../types.ts';
import type { ValidPath } from './database.ts';
import type { NixFact } from './index.ts';
import { splitStoreName } from './store-path.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

const STORE = '/nix/store';
const MOST_FILES = 1_000_000;

/**
 * Packages of the database whose paths are in the image, then those that lie in the store without an entry: images built
 * by Nix itself have no database.
 */
export function collectNix(image: ImageView, facts: LocatedFact<NixFact>[], context: CollectContext): Evidence {
  const files = filesByStorePath(image);
  const packages: Draft[] = [];
  const relationships: Relationship[] = [];
  const problems: Problem[] = [];
  const listed = new Set<string>();
  for (const located of facts) {
    const { paths, errors } = located.fact;
    if (errors.length > 0) problems.push(damaged(located.path, paths.length, errors[0] as string));
    const location = locate(image, located);
    const drafts = paths.map((valid): Draft | undefined => {
      listed.add(valid.path);
      if (!image.tree.get(valid.path)) return undefined;
      return draft(
        valid.path,
        valid,
        files.get(valid.path),
        [here(image, valid.path), { ...location, evidence: 'supporting' }],
        context,
      );
    });
    packages.push(...drafts.filter((pkg) => pkg !== undefined));
    relationships.push(...edges(drafts, paths));
  }
  for (const path of storePaths(image)) {
    if (listed.has(path)) continue;
    const pkg = draft(path, undefined, files.get(path), [here(image, path)], context);
    if (pkg) packages.push(pkg);
  }
  return { packages, relationships, problems };
}

function storePaths(image: ImageView): string[] {
  return image.tree.get(STORE)?.type === 'directory' ? image.tree.list(STORE).map((name) => `${STORE}/${name}`) : [];
}

/** Files and links of each store path; its contents are its package's. */
function filesByStorePath(image: ImageView): Map<string, OwnedFile[]> {
  const files = new Map<string, OwnedFile[]>();
  if (!image.tree.get(STORE)) return files;
  let left = MOST_FILES;
  for (const { path, type, mode } of image.tree.nodes()) {
    if (!path.startsWith(`${STORE}/`) || type === 'directory' || --left < 0) continue;
    const end = path.indexOf('/', STORE.length + 1);
    const store = end < 0 ? path : path.slice(0, end);
    const list = files.get(store) ?? [];
    list.push({ path, mode: `0${(mode & 0o7777).toString(8)}` });
    files.set(store, list);
  }
  return files;
}

function here(image: ImageView, path: string): PackageLocation {
  return locate(image, { path, layer: image.tree.get(path)?.layer ?? 0 });
}

function draft(
  path: string,
  valid: ValidPath | undefined,
  files: OwnedFile[] | undefined,
  locations: PackageLocation[],
  context: CollectContext,
): Draft | undefined {
  const parts = splitStoreName(fileName(path));
  if (!parts) return undefined;
  const { hash, name, version } = parts;
  const output = parts.output || (valid?.output === 'out' ? '' : (valid?.output ?? ''));
  const derivation = valid?.deriver ? fileName(valid.deriver) : undefined;
  const distro = context.distroFor(path);
  const pkg: Draft = {
    type: 'nix',
    name,
    version,
    purl: formatPurl({
      type: 'nix',
      name,
      version,
      qualifiers: {
        output,
        outputhash: hash,
        drvpath: derivation,
        distro: distro?.id === 'nixos' ? distroQualifier(distro) : undefined,
      },
    }),
    cpes: [],
    licenses: [],
    locations,
    upstreams: [],
    ...(files ? { files } : {}),
    foundBy: 'nix',
    confidence: valid ? 'declared' : 'heuristic',
    metadataType: 'nix-store-entry',
    metadata: {
      path,
      outputHash: hash,
      ...(output ? { output } : {}),
      ...(derivation ? { derivation: { path: valid?.deriver } } : {}),
      ...(valid?.hash ? { narHash: valid.hash } : {}),
    },
    ...(valid?.size === undefined ? {} : { size: valid.size }),
    ...(distro ? { distro } : {}),
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** A path that refers to another needs it at run time. */
function edges(drafts: readonly (Draft | undefined)[], paths: readonly ValidPath[]): Relationship[] {
  const ids = drafts.map((pkg) => pkg && packageId(pkg));
  return paths.flatMap(({ references }, place) =>
    references.flatMap((reference): Relationship[] => {
      const [from, to] = [ids[reference], ids[place]];
      return from && to && from !== to ? [{ from, to, type: 'dependency-of' }] : [];
    }),
  );
}

function damaged(path: string, found: number, reason: string): Problem {
  return {
    code: 'package-database-unreadable',
    message: `the database of Nix is damaged (${reason}): ${found} paths could be read; others are told by their names in the store`,
    severity: 'partial',
    path,
    source: 'nix',
  };
}
