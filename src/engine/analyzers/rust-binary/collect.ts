import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { RustBinaryFact } from './index.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

function draft(
  image: ImageView,
  located: LocatedFact<RustBinaryFact>,
  name: string,
  version: string,
  source: string,
): Draft {
  const pkg: Draft = {
    type: 'rust-crate',
    name,
    version,
    purl: formatPurl({ type: 'cargo', name, version }),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'rust-binary',
    confidence: 'declared',
    metadataType: 'rust-cargo-audit-entry',
    metadata: { name, version, source },
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

/** Turns crates into packages: as audited, with edges; else as told by panic messages, marked as heuristic. */
export function collectRust(image: ImageView, facts: LocatedFact<RustBinaryFact>[]): Evidence {
  const packages: Draft[] = [];
  const relationships: Relationship[] = [];
  const problems: Problem[] = [];
  for (const located of facts) {
    const { audited, paths, error } = located.fact;
    if (error !== undefined) {
      const message = `Audit data of a Rust program cannot be read: ${error}.`;
      problems.push({
        code: 'rust-audit-data-unreadable',
        message,
        severity: 'partial',
        path: located.path,
        source: 'rust-binary',
      });
    }
    const crates = (audited ?? []).map((crate) =>
      // Crates that only ran during the build are not in the program.
      crate.kind === 'build' || crate.name === '' || crate.version === ''
        ? undefined
        : draft(image, located, crate.name, crate.version, crate.source),
    );
    for (const pkg of crates) if (pkg !== undefined) packages.push(pkg);
    for (const [index, crate] of (audited ?? []).entries()) {
      const dependant = crates[index];
      if (dependant === undefined) continue;
      if (crate.root) dependant.metadata.root = true;
      for (const needed of crate.dependencies) {
        const dependency = crates[needed];
        if (dependency !== undefined)
          relationships.push({ from: packageId(dependency), to: packageId(dependant), type: 'dependency-of' });
      }
    }
    for (const { name, version } of paths?.crates ?? []) {
      const pkg = draft(image, located, name, version, 'panic-paths');
      pkg.confidence = 'heuristic';
      packages.push(pkg);
    }
  }
  return { packages, relationships, problems };
}
