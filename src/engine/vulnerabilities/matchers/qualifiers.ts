import type { AdvisoryRecord } from '../index/record.ts';
import type { MatchContext, Search } from './context.ts';
import { parseCpe } from './cpe-name.ts';
import { isRebuilt } from './rebuilt.ts';

/** Why a record is not for the package by its qualifiers; undefined when it is. */
export function qualifierObjection(context: MatchContext, search: Search, record: AdvisoryRecord): string | undefined {
  const { qualifiers } = record;
  if (!qualifiers) return undefined;
  return (
    moduleObjection(context, record, qualifiers.module) ??
    architectureObjection(context, search, record) ??
    platformObjection(context, qualifiers.platformCpes) ??
    rootioObjection(context, qualifiers.rootio) ??
    symbolObjection(context, qualifiers.goImports)
  );
}

function moduleObjection({ pkg }: MatchContext, record: AdvisoryRecord, label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  if (pkg.module === undefined) {
    // That one stream is "not affected" at all says nothing of a package of unknown stream; a range may still hold.
    const unbounded = record.ranges.some((range) => range.constraint.text === '');
    return record.affected || !unbounded
      ? undefined
      : `the record is for ${label === '' ? 'packages outside modules' : `module ${label}`}, that of this package is not known`;
  }
  // Oracle's package databases leave the label of modular packages empty.
  if (pkg.module === '' && (pkg.distro?.id === 'ol' || pkg.distro?.id === 'oraclelinux')) return undefined;
  if (label === '')
    return pkg.module === ''
      ? undefined
      : `the record is for packages outside modules, this one is of module ${pkg.module}`;
  if (pkg.module === '') return `the record is for module ${label}, this package is of none`;
  return pkg.module.startsWith(label)
    ? undefined
    : `the record is for module ${label}, this package is of ${pkg.module}`;
}

const NEUTRAL = new Set(['', 'noarch', 'all', 'any']);
/** What a record says of a binary package when its source names no architecture. */
const ANY_BINARY = 'binary-no-arch-specified';
/** Used for databases without a table of their own. */
const ARCHITECTURE_ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  i386: '386',
  i686: '386',
  x86: '386',
  ppc64el: 'ppc64le',
};

function architectureObjection(context: MatchContext, search: Search, record: AdvisoryRecord): string | undefined {
  const wanted = record.qualifiers?.architecture;
  // What is said of a source holds for all that is built from it.
  if (wanted === undefined || wanted === 'src') return undefined;
  const ours = (search.arch ?? '').toLowerCase();
  const theirs = wanted.toLowerCase();
  // "Affected" errs on the side of a match, "not affected" must be said of this very architecture.
  if (record.affected && (NEUTRAL.has(ours) || NEUTRAL.has(theirs))) return undefined;
  if (theirs === ANY_BINARY) {
    if (ours !== 'src' && ours !== '') return undefined;
  } else {
    const table = context.reader.meta.architectureAliases;
    const aliases = Object.keys(table).length === 0 ? ARCHITECTURE_ALIASES : table;
    if ((aliases[ours] ?? ours) === (aliases[theirs] ?? theirs)) return undefined;
  }
  return `the record is for architecture ${wanted}, this package is ${search.arch ?? 'of unknown architecture'}`;
}

/** Products of operating systems as CPEs name them, by os-release id. */
const PLATFORM_IDS: Readonly<Record<string, string>> = {
  debian_linux: 'debian',
  ubuntu_linux: 'ubuntu',
  fedora: 'fedora',
  fedora_core: 'fedora',
  enterprise_linux: 'rhel',
  rhel: 'rhel',
  centos: 'centos',
  alpine_linux: 'alpine',
  suse_linux_enterprise_server: 'sles',
  linux_enterprise_server: 'sles',
  leap: 'opensuse-leap',
  opensuse: 'opensuse',
  amazon_linux: 'amzn',
  amazon_linux_2: 'amzn',
  windows: 'windows',
  windows_10: 'windows',
  windows_server: 'windows',
};

/** A platform that names another operating system or WordPress rules the record out; all others say nothing of images. */
function platformObjection({ pkg }: MatchContext, platforms: readonly string[] | undefined): string | undefined {
  if (!platforms) return undefined;
  for (const platform of platforms) {
    const cpe = parseCpe(platform);
    if (!cpe || platformFits(pkg.distro?.id, pkg.distro?.versionId, cpe)) continue;
    return `the record holds on ${platform} only`;
  }
  return undefined;
}

function platformFits(
  id: string | undefined,
  version: string | undefined,
  cpe: NonNullable<ReturnType<typeof parseCpe>>,
): boolean {
  if (cpe.product === 'wordpress' || cpe.targetSoftware === 'wordpress') return false;
  const vendorWindows = cpe.vendor === 'microsoft' && cpe.product.startsWith('windows');
  const wanted = vendorWindows ? 'windows' : PLATFORM_IDS[cpe.product];
  if (wanted === undefined || id === undefined) return true;
  if (id !== wanted) return false;
  if (cpe.version === '' || cpe.version === '-' || version === undefined) return true;
  return version === cpe.version || version.startsWith(`${cpe.version}.`) || cpe.version.startsWith(`${version}.`);
}

/** Records of a rebuilder hold for its own builds only. */
function rootioObjection({ pkg }: MatchContext, rootio: boolean | undefined): string | undefined {
  return rootio !== true || isRebuilt(pkg) ? undefined : 'the record is for Root IO builds only';
}

function symbolObjection(
  { pkg }: MatchContext,
  imports: readonly [string, string[]][] | undefined,
): string | undefined {
  const symbols = pkg.metadata?.goSymbols;
  if (!imports || !Array.isArray(symbols) || symbols.length === 0) return undefined;
  const wanted = imports.flatMap(([path, names]) => names.map((name) => `${path}.${name}`));
  if (wanted.length === 0 || imports.some(([, names]) => names.length === 0)) return undefined;
  const present = new Set(symbols.filter((symbol): symbol is string => typeof symbol === 'string'));
  return wanted.some((symbol) => present.has(symbol))
    ? undefined
    : 'the program holds none of the vulnerable functions';
}
