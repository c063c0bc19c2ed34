import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { cpeCandidates } from '../cpe.ts';
import { formatCpe } from '../cpe-name.ts';
import { locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { GoBinaryFact } from './index.ts';
import { mainVersion } from './main-version.ts';
import type { GoBuildInfo, GoModule } from './modules.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;
type Build = GoBuildInfo & { architecture: string };

/** `pkg:golang/github.com/owner/name@v1.2.3`; `(devel)` and versions that are no module's are left out. */
function goPurl(module: string, version: string): string {
  const slash = module.lastIndexOf('/');
  return formatPurl({
    type: 'golang',
    namespace: slash < 0 ? undefined : module.slice(0, slash),
    name: module.slice(slash + 1),
    version: version === '(devel)' ? undefined : version,
  });
}

function draft(
  image: ImageView,
  located: LocatedFact<GoBinaryFact>,
  build: Build,
  name: string,
  version: string,
): Draft {
  const cryptoSettings = build.experiments.filter((experiment) => /crypto|fips/.test(experiment));
  const pkg: Draft = {
    type: 'go-module',
    name,
    version,
    purl: goPurl(name, version),
    cpes: [],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'go-binary',
    confidence: 'declared',
    metadataType: 'go-module-buildinfo-entry',
    metadata: {
      goCompiledVersion: build.goVersion,
      architecture: setting(build, 'GOARCH') ?? build.architecture,
      ...(build.main === undefined ? {} : { mainModule: build.main.path }),
      ...(cryptoSettings.length === 0 ? {} : { goCryptoSettings: cryptoSettings }),
    },
  };
  pkg.cpes = cpeCandidates(pkg);
  return pkg;
}

function setting(build: Build, key: string): string | undefined {
  return build.settings.find((one) => one.key === key)?.value;
}

function moduleDraft(image: ImageView, located: LocatedFact<GoBinaryFact>, build: Build, module: GoModule): Draft {
  const pkg = draft(image, located, build, module.path, module.version === '' ? '(devel)' : module.version);
  if (module.h1 !== undefined) pkg.metadata.h1Digest = module.h1;
  if (module.replaces !== undefined) pkg.metadata.replaces = module.replaces;
  // A replacement by a directory has no version of its own: what was replaced is the best that is known.
  if (/^\.{0,2}\//.test(module.path) && module.replaces !== undefined) {
    const original = draft(image, located, build, module.replaces.path, module.replaces.version);
    original.metadata.replacedBy = { path: module.path };
    original.confidence = 'metadata';
    return original;
  }
  return pkg;
}

function mainDraft(image: ImageView, located: LocatedFact<GoBinaryFact>, build: Build, module: GoModule): Draft {
  const { version, by } = mainVersion(build);
  const pkg = draft(image, located, build, module.path, version);
  pkg.metadata.main = true;
  pkg.metadata.goBuildSettings = build.settings;
  pkg.metadata.versionBy = by;
  if (build.path !== undefined) pkg.metadata.mainPackage = build.path;
  if (module.h1 !== undefined) pkg.metadata.h1Digest = module.h1;
  if (by === 'derived' || by === 'unknown') {
    pkg.metadata.versionDerived = true;
    pkg.confidence = 'heuristic';
    // No range of releases may be applied to a version that no release has.
    pkg.cpes = [];
  } else if (by === 'linker-flag') pkg.confidence = 'metadata';
  return pkg;
}

/**
 * A program built without modules (GOPATH, Bazel, distributions) names its main package alone: that stands for it, without
 * a version. Commands of the toolchain itself (`cmd/go`) have no domain in their path; `stdlib` stands for them.
 */
function unversionedMain(build: Build): GoModule | undefined {
  const { path } = build;
  return path !== undefined && /^[^/]*\.[^/]*\/./.test(path) ? { path, version: '' } : undefined;
}

/** The toolchain whose standard library is linked in. */
function stdlibDraft(image: ImageView, located: LocatedFact<GoBinaryFact>, build: Build): Draft {
  const pkg = draft(image, located, build, 'stdlib', build.goVersion);
  const bare = /^go(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)/.exec(build.goVersion)?.[1];
  pkg.purl = formatPurl({ type: 'golang', name: 'stdlib', version: bare ?? build.goVersion });
  const [, release, pre] = /^([\d.]+?)((?:rc|beta)\d+)?$/.exec(bare ?? '') ?? [];
  pkg.cpes =
    release === undefined ? [] : [formatCpe({ vendor: 'golang', product: 'go', version: release, update: pre ?? '-' })];
  pkg.licenses = [{ value: 'BSD-3-Clause', spdxExpression: 'BSD-3-Clause' }];
  if (build.experiments.length > 0) pkg.metadata.experiments = build.experiments;
  return pkg;
}

/** Turns build information into packages: main module, modules linked in, standard library. */
export function collectGo(image: ImageView, facts: LocatedFact<GoBinaryFact>[]): Evidence {
  const packages: Draft[] = [];
  const relationships: Relationship[] = [];
  const problems: Problem[] = [];
  for (const located of facts) {
    const seen = new Map<string, Draft>();
    const add = (pkg: Draft) => {
      const key = `${pkg.name}@${pkg.version}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      seen.set(key, pkg);
      packages.push(pkg);
      return pkg;
    };
    for (const build of located.fact.builds) {
      const module = build.main ?? unversionedMain(build);
      const main = module === undefined ? undefined : add(mainDraft(image, located, build, module));
      const linked = build.modules.map((module) => add(moduleDraft(image, located, build, module)));
      if (/^go\d/.test(build.goVersion)) linked.push(add(stdlibDraft(image, located, build)));
      if (main === undefined) continue;
      const to = packageId(main);
      const ids = new Set(linked.map(packageId));
      for (const from of ids) if (from !== to) relationships.push({ from, to, type: 'dependency-of' });
    }
    if (located.fact.packed !== undefined) {
      const message = 'The program is packed with UPX: what it is made of cannot be seen.';
      problems.push({
        code: 'executable-packed',
        message,
        severity: 'partial',
        path: located.path,
        source: 'go-binary',
      });
    }
  }
  return { packages, relationships, problems };
}
