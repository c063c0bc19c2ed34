import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatCpe } from '../cpe-name.ts';
import { licensesOf } from '../licenses.ts';
import { directoryOf, locate } from '../location.ts';
import { packageId } from '../package-id.ts';
import { formatPurl } from '../purl.ts';
import type { Evidence } from '../types.ts';
import type { KernelFact } from './index.ts';
import { type KernelImage, upstreamRelease } from './kernel.ts';
import type { KernelModule } from './module.ts';

type Draft = Omit<Package, 'id' | 'ownedBy'>;

function kernel(image: ImageView, located: LocatedFact<KernelImage>): Draft {
  const { kind: _, ...metadata } = located.fact;
  const [, release = '', update] = /^([\d.]+)(?:-(rc\d+))?$/.exec(upstreamRelease(located.fact)) ?? [];
  return {
    type: 'linux-kernel',
    name: 'linux-kernel',
    version: metadata.version,
    ...(metadata.architecture ? { arch: metadata.architecture } : {}),
    purl: formatPurl({ type: 'generic', name: 'linux-kernel', version: metadata.version }),
    cpes:
      release === ''
        ? []
        : [
            formatCpe({
              part: 'o',
              vendor: 'linux',
              product: 'linux_kernel',
              version: release,
              ...(update ? { update } : {}),
            }),
          ],
    licenses: [],
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'linux-kernel',
    confidence: 'signature',
    metadataType: 'linux-kernel-archive',
    metadata: { name: 'linux-kernel', ...metadata },
  };
}

/** Modules of the kernel's own tree have no version: theirs is that of the kernel they were built with. */
function module(image: ImageView, located: LocatedFact<KernelModule>): Draft | undefined {
  const { fact } = located;
  const kernelVersion = fact.versionMagic?.split(' ', 1)[0] ?? '';
  const version = fact.version ?? kernelVersion;
  if (version === '') return undefined;
  const pkg: Draft = {
    type: 'linux-kernel-module',
    name: fact.name,
    version,
    purl: formatPurl({ type: 'generic', name: fact.name, version }),
    cpes: [],
    licenses: licensesOf(fact.licenses),
    locations: [locate(image, located)],
    upstreams: [],
    foundBy: 'linux-kernel',
    confidence: 'metadata',
    metadataType: 'linux-kernel-module',
    metadata: {
      name: fact.name,
      ...(fact.version ? { version: fact.version } : {}),
      ...(fact.sourceVersion ? { sourceVersion: fact.sourceVersion } : {}),
      path: located.path,
      ...(fact.description ? { description: fact.description } : {}),
      ...(fact.author ? { author: fact.author } : {}),
      ...(fact.licenses.length > 0 ? { license: fact.licenses.join(', ') } : {}),
      kernelVersion,
      ...(fact.versionMagic ? { versionMagic: fact.versionMagic } : {}),
      ...(Object.keys(fact.parameters).length > 0 ? { parameters: fact.parameters } : {}),
    },
  };
  if (fact.author) pkg.origin = fact.author;
  return pkg;
}

/** The directory of one kernel's modules: `/lib/modules/6.1.0-9-amd64`. */
function treeOf(path: string): string {
  return /^.*?\/modules\/[^/]+/.exec(path)?.[0] ?? directoryOf(path);
}

/** Names of modules are the same with `-` and `_`. */
function loadName(name: string): string {
  return name.replaceAll('-', '_');
}

/** Each module needs the kernel of its release, and the modules of its own tree that it names. */
function edges(
  kernels: readonly Draft[],
  modules: readonly { pkg: Draft; fact: KernelModule; tree: string }[],
): Relationship[] {
  const kernelIds = Map.groupBy(kernels, ({ version }) => version);
  const ids = new Map(modules.map(({ pkg, tree }) => [`${tree} ${loadName(pkg.name)}`, packageId(pkg)]));
  return modules.flatMap(({ pkg, fact, tree }) => {
    const to = packageId(pkg);
    const needed = fact.depends.flatMap((name) => ids.get(`${tree} ${loadName(name)}`) ?? []);
    const running = kernelIds.get(String(pkg.metadata.kernelVersion)) ?? [];
    return [...running.map(packageId), ...needed]
      .filter((from) => from !== to)
      .map((from): Relationship => ({ from, to, type: 'dependency-of' }));
  });
}

/** One problem for each tree of modules, whatever the number of files in it. */
function unreadable(facts: readonly LocatedFact<KernelFact>[]): Problem[] {
  const failed = facts.flatMap(({ path, fact }) => (fact.kind === 'unreadable' ? [{ path, reason: fact.reason }] : []));
  return [...Map.groupBy(failed, ({ path }) => treeOf(path))].map(([tree, files]) => ({
    code: 'kernel-module-unreadable',
    message: `${files.length} kernel module${files.length === 1 ? '' : 's'} below ${tree} cannot be unpacked (${files[0]?.reason}) and ${files.length === 1 ? 'is' : 'are'} missing`,
    severity: 'partial',
    path: tree,
    source: 'linux-kernel',
  }));
}

/** Turns facts into packages: kernels, their modules, and which module needs what. */
export function collectKernels(image: ImageView, facts: LocatedFact<KernelFact>[]): Evidence {
  const kernels: Draft[] = [];
  const modules: { pkg: Draft; fact: KernelModule; tree: string }[] = [];
  for (const { path, layer, fact } of facts) {
    if (fact.kind === 'kernel') kernels.push(kernel(image, { path, layer, fact }));
    if (fact.kind !== 'module') continue;
    const pkg = module(image, { path, layer, fact });
    if (pkg) modules.push({ pkg, fact, tree: treeOf(path) });
  }
  return {
    packages: [...kernels, ...modules.map(({ pkg }) => pkg)],
    relationships: edges(kernels, modules),
    problems: unreadable(facts),
  };
}
