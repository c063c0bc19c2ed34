import type { GoBuildInfo } from './modules.ts';

/** Version of a main module and how it is known. */
export interface MainVersion {
  version: string;
  /** `derived`: built from commit time and hash; it sorts below every release, so ranges must not be applied to it. */
  by: 'module' | 'linker-flag' | 'derived' | 'unknown';
}

const SEMANTIC = /^v?\d+\.\d+(\.\d+)?([-+.][0-9A-Za-z.+_-]+)?$/;

/**
 * Version set with `-ldflags "-X importpath.name=value"`, when the variable is a version of the main package, of the
 * main module, or of a `version` package inside it. Variables of other modules tell nothing about this one.
 */
function linkerVersion(info: GoBuildInfo): string | undefined {
  const flags = info.settings.find(({ key }) => key === '-ldflags')?.value ?? '';
  const module = info.main?.path ?? info.path ?? '';
  let best: { rank: number; value: string } | undefined;
  for (const match of flags.matchAll(/-X[= ]\s*(?:'([^']*)'|"([^"]*)"|(\S+))/g)) {
    const assignment = match[1] ?? match[2] ?? match[3] ?? '';
    const equals = assignment.indexOf('=');
    const target = assignment.slice(0, Math.max(equals, 0));
    const value = assignment
      .slice(equals + 1)
      .trim()
      .replace(/^['"]|['"]$/g, '');
    const dot = target.lastIndexOf('.');
    if (dot <= 0 || !SEMANTIC.test(value)) continue;
    const owner = target.slice(0, dot);
    const name = target.slice(dot + 1).toLowerCase();
    if (!/^(?:app|build|git|release|program|cli|current|main)?_?(version|tag|semver|ver)(?:number|string)?$/.test(name))
      continue;
    const isOwn = owner === 'main' || (module !== '' && (owner === module || owner.startsWith(`${module}/`)));
    if (!isOwn) continue;
    const rank = (owner === 'main' || owner === module ? 2 : 1) + (name === 'version' ? 2 : 0);
    if (best === undefined || rank > best.rank) best = { rank, value };
  }
  return best?.value;
}

/** `v0.0.0-20240131120000-abcdef123456` of the commit that was built (Go modules reference, "Pseudo-versions"). */
function commitVersion(info: GoBuildInfo): string | undefined {
  const setting = (key: string) => info.settings.find((one) => one.key === key)?.value;
  const revision = setting('vcs.revision');
  const time = setting('vcs.time');
  if (revision === undefined || time === undefined || !/^[0-9a-f]{12,}$/.test(revision)) return undefined;
  const digits = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(time)?.slice(1).join('');
  return digits === undefined ? undefined : `v0.0.0-${digits}-${revision.slice(0, 12)}`;
}

/** Version of the main module: as recorded, by linker flag, derived from the commit, or `(devel)`. */
export function mainVersion(info: GoBuildInfo): MainVersion {
  const recorded = info.main?.version ?? '';
  if (recorded !== '' && recorded !== '(devel)') return { version: recorded, by: 'module' };
  const linked = linkerVersion(info);
  if (linked !== undefined) return { version: linked, by: 'linker-flag' };
  const derived = commitVersion(info);
  if (derived !== undefined) return { version: derived, by: 'derived' };
  return { version: '(devel)', by: 'unknown' };
}
