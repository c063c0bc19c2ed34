import type { ImageView, LocatedFact } from '../../image/types.ts';
import type { Distro } from '../../model/distro.ts';
import type { Analyzer, Evidence } from '../types.ts';
import { type DistroFact, selectDistroFile } from './facts.ts';
import { ROOT_MARKERS, resolveDistro } from './resolve.ts';

/** Hostile images may hold any number of release files; more roots than this are not looked at. */
const MAX_ROOTS = 1000;

/**
 * Tells the distribution of the image and of every further root (chroot, base system of a build) in it, from
 * os-release(5) down to the BusyBox banner. Unknown is an answer, never a failure.
 */
export const distroAnalyzer: Analyzer<DistroFact> = {
  name: 'distro',
  version: 1,
  kind: 'packages',
  select: selectDistroFile,
  collect: collectDistros,
};

function collectDistros(image: ImageView, facts: LocatedFact<DistroFact>[]): Evidence {
  const byPath = new Map(facts.map((located) => [located.path, located.fact]));
  const distros: { root: string; distro: Distro }[] = [];
  const channels = facts.flatMap(({ path, fact }) =>
    fact.kind === 'channel' ? [{ path, channel: fact.channel }] : [],
  );
  for (const root of rootsOf(facts)) {
    const distro = resolveDistro((relative) => factAt(image, byPath, root, relative));
    if (!distro) continue;
    const channel = channels.find((sign) => fits(sign.channel, distro) && sign.path.startsWith(root))?.channel;
    distros.push({ root, distro: channel ? { ...distro, channel } : distro });
  }
  return { distros };
}

/** Extended support exists for these two families only. */
function fits(channel: 'eus' | 'esm', distro: Distro): boolean {
  return channel === 'esm' ? distro.id === 'ubuntu' : distro.id === 'rhel';
}

/** `/` first, then every directory that holds a release file at its place. */
function rootsOf(facts: LocatedFact<DistroFact>[]): string[] {
  const roots = new Set(['/']);
  for (const { path } of facts) {
    const marker = ROOT_MARKERS.find((candidate) => path.endsWith(`/${candidate}`));
    if (marker && roots.size < MAX_ROOTS) roots.add(path.slice(0, path.length - marker.length));
  }
  return [...roots].sort();
}

/** Follows links, and hard links to the name that carried the content. */
function factAt(image: ImageView, byPath: Map<string, DistroFact>, root: string, relative: string) {
  const record = image.tree.resolve(root + relative);
  if (!record) return undefined;
  const own = byPath.get(record.path);
  if (own) return { path: record.path, fact: own };
  const target = record.type === 'hardlink' && record.linkTarget ? byPath.get(absolute(record.linkTarget)) : undefined;
  return target ? { path: record.path, fact: target } : undefined;
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path.replace(/^(\.\/)+/, '')}`;
}
