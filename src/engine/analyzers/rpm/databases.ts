import { applyWal, type RpmPackage } from '../../formats/rpmdb/index.ts';
import type { FileTree, LocatedFact } from '../../image/types.ts';
import type { Problem } from '../../model/problem.ts';
import type { RpmFact } from './facts.ts';

/** One database of one root, complete. */
export interface RootDatabase {
  /** Root of the file system, ending with `/`. */
  root: string;
  path: string;
  layer: number;
  packages: RpmPackage[];
}

const PLACE = /^(.*?\/)(?:var\/lib|usr\/share|usr\/lib\/sysimage)\/rpm(?:manifest)?\/[^/]+$/;
const DIRECTORIES = ['/var/lib/rpm', '/usr/share/rpm', '/usr/lib/sysimage/rpm'];

/**
 * The databases that rpm itself would use: those at rpm's places, also through links, joined with their write-ahead logs.
 * When one root has several (left behind by a change of format), the one installed to last counts.
 */
export function liveDatabases(
  facts: readonly LocatedFact<RpmFact>[],
  tree: FileTree,
  problems: Problem[],
): RootDatabase[] {
  const logs = new Map(facts.flatMap(({ path, fact }) => (fact.kind === 'wal' ? [[path, fact.wal] as const] : [])));
  const linked = new Set(DIRECTORIES.flatMap((directory) => tree.realPath(directory) ?? []));
  const byRoot = new Map<string, RootDatabase[]>();
  const live: RootDatabase[] = [];
  for (const { path, layer, fact } of facts) {
    const root = PLACE.exec(path)?.[1] ?? (linked.has(path.slice(0, path.lastIndexOf('/'))) ? '/' : undefined);
    if (root === undefined || fact.kind === 'wal') continue;
    if (fact.kind === 'manifest') {
      live.push({ root, path, layer, packages: fact.packages });
      continue;
    }
    const log = logs.get(`${path}-wal`);
    const database = log ? applyWal(fact.database, log) : fact.database;
    if (database.errors.length > 0)
      problems.push(damaged(path, database.packages.length, database.errors[0] as string));
    const list = byRoot.get(root) ?? [];
    byRoot.set(root, [...list, { root, path, layer, packages: database.packages }]);
  }
  for (const candidates of byRoot.values()) live.push(...newest(candidates, problems));
  return live;
}

/** Drops databases that are older than the newest one of the same root. */
function newest(candidates: RootDatabase[], problems: Problem[]): RootDatabase[] {
  const last = ({ packages }: RootDatabase): number =>
    packages.reduce((time, pkg) => Math.max(time, pkg.installTime ?? 0), 0);
  const time = Math.max(...candidates.map(last));
  return candidates.filter((candidate) => {
    if (last(candidate) >= time || candidate.packages.length === 0) return true;
    problems.push({
      code: 'package-database-superseded',
      message: 'a newer rpm database of the same system exists; the packages of this one are not listed',
      severity: 'note',
      path: candidate.path,
      source: 'rpm',
    });
    return false;
  });
}

function damaged(path: string, found: number, reason: string): Problem {
  return {
    code: 'package-database-unreadable',
    message: `the rpm database is damaged (${reason}): ${found} package${found === 1 ? '' : 's'} could be read, others may be missing`,
    severity: 'partial',
    path,
    source: 'rpm',
  };
}
