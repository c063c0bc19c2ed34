import { candidate, parseConstraint, satisfies } from '#engine/versions/constraint.ts';
import type { Distro } from '../model/distro.ts';
import type { IndexMeta, OperatingSystemOverride, OperatingSystemRow } from './index/format.ts';
import { operatingSystemKey } from './index/format.ts';
import type { NamespaceOf } from './namespace.ts';
import { namespaceOf, recordNamespace } from './namespace.ts';

/** Schema that this program reads; overrides for older clients do not apply to it. */
const CLIENT_SCHEMA = '6.1.9';

/** Where records for a distribution are looked for. */
export interface ResolvedSystem {
  key: string;
  row: OperatingSystemRow;
  /** Namespace of a provider's records here. */
  namespaceOf: NamespaceOf;
}

/** How a distribution is looked up. */
export interface ResolveOptions {
  /** Channel instead of the distribution's own; '' = the plain release. */
  channel?: string;
  /** Leave aliases out: AlmaLinux as itself, not as RHEL. */
  exact?: boolean;
  /** Only the very release; the major one where the distribution has no minor releases (a point release of Debian). */
  noFallback?: boolean;
}

interface Specifier {
  name: string;
  major: string;
  minor: string;
  rest: string;
  label: string;
  channel: string;
}

/** What an index has for one distribution; the answers are made once. */
export interface DistroSystems {
  rows(options?: ResolveOptions): readonly ResolvedSystem[];
  /** Are there records for it? */
  readonly covered: boolean;
  /** End of life in ms since 1970; NaN when the data does not tell. */
  readonly endOfLife: number;
  /** As it is shown with a search: `debian:12`. */
  readonly text: string;
}

/** Finds the rows of the index that hold for a distribution. */
export interface SystemResolver {
  of(distro: Distro): DistroSystems;
  resolve(distro: Distro, options?: ResolveOptions): readonly ResolvedSystem[];
}

/** Distributions that are remembered: an installation meets a few dozen. */
const KNOWN = 5000;

/** Makes a resolver; answers are remembered by distribution. */
export function systemResolver(meta: IndexMeta): SystemResolver {
  const known = new Map<string, { distro: Distro; systems: DistroSystems }[]>();
  let count = 0;
  let last: { distro: Distro; systems: DistroSystems } | undefined;
  const find = (distro: Distro): { distro: Distro; systems: DistroSystems } => {
    const key = `${distro.id}\u0001${distro.versionId ?? ''}`;
    let alike = known.get(key);
    const found = alike?.find((other) => isSame(other.distro, distro));
    if (found) return found;
    if (++count > KNOWN) {
      known.clear();
      count = 1;
      alike = undefined;
    }
    const made = { distro, systems: distroSystems(meta, distro) };
    if (alike) alike.push(made);
    else known.set(key, [made]);
    return made;
  };
  const of = (distro: Distro): DistroSystems => {
    // Packages come in runs of one distribution.
    if (!last || (last.distro !== distro && !isSame(last.distro, distro))) last = find(distro);
    return last.systems;
  };
  return { of, resolve: (distro, options) => of(distro).rows(options) };
}

function isSame(a: Distro, b: Distro): boolean {
  return (
    a.id === b.id &&
    a.versionId === b.versionId &&
    a.codename === b.codename &&
    a.channel === b.channel &&
    a.prettyName === b.prettyName &&
    a.idLike.length === b.idLike.length &&
    a.idLike.every((id, at) => id === b.idLike[at])
  );
}

function distroSystems(meta: IndexMeta, distro: Distro): DistroSystems {
  const own = resolve(meta, distro, {});
  const others = new Map<string, readonly ResolvedSystem[]>();
  const rows = (options?: ResolveOptions): readonly ResolvedSystem[] => {
    if (options === undefined) return own;
    const key = `${options.channel ?? '\u0001'}|${options.exact === true}|${options.noFallback === true}`;
    let found = others.get(key);
    if (!found) {
      found = resolve(meta, distro, options);
      others.set(key, found);
    }
    return found;
  };
  const channel = distro.channel === undefined ? '' : `+${distro.channel}`;
  return {
    rows,
    covered: own.some(({ row }) => row.records > 0),
    endOfLife: Date.parse(rows({ exact: true, noFallback: true })[0]?.row.endOfLife ?? ''),
    text: `${distro.id}:${distro.versionId ?? distro.codename ?? ''}${channel}`,
  };
}

function resolve(meta: IndexMeta, distro: Distro, options: ResolveOptions): ResolvedSystem[] {
  const found = lookup(meta, specifier(distro, distro.id, options), options);
  if (found.length > 0 || options.exact) return found;
  return lookupLike(meta, distro, options);
}

/**
 * Derivatives without rows of their own: those of RHEL keep its release numbers; those of Debian and Ubuntu are
 * taken for the release whose code name they carry.
 */
function lookupLike(meta: IndexMeta, distro: Distro, options: ResolveOptions): ResolvedSystem[] {
  if (namesRows(meta, distro.id)) return [];
  for (const base of distro.idLike) {
    if (base === 'rhel' || base === 'centos') return lookup(meta, specifier(distro, base, options), options);
    if ((base === 'debian' || base === 'ubuntu') && distro.codename !== undefined) {
      const byCodename = {
        ...specifier(distro, base, options),
        major: '',
        minor: '',
        rest: '',
        label: distro.codename,
      };
      const found = lookup(meta, byCodename, options);
      if (found.length > 0) return found;
    }
  }
  return [];
}

function namesRows(meta: IndexMeta, id: string): boolean {
  const name = id.toLowerCase();
  return (
    meta.overrides.some((override) => override.alias === name) ||
    meta.operatingSystems.some((row) => row.name.toLowerCase() === name || row.releaseId.toLowerCase() === name)
  );
}

function specifier(distro: Distro, name: string, options: ResolveOptions): Specifier {
  const channel = options.channel ?? distro.channel ?? '';
  const version = (distro.versionId ?? '').slice(0, 64);
  const match = /^v?([0-9]+)(?:\.([0-9]+))?(?:[.](.*))?$/.exec(version);
  if (match) {
    return {
      name: name.toLowerCase(),
      major: match[1] ?? '',
      minor: match[2] ?? '',
      rest: match[3] ?? '',
      label: '',
      channel,
    };
  }
  const partly = /^([0-9]+)(?:\.([0-9]+))?/.exec(version);
  const label = version === '' ? labelFromName(distro) : version;
  return { name: name.toLowerCase(), major: partly?.[1] ?? '', minor: partly?.[2] ?? '', rest: '', label, channel };
}

/** Debian testing and unstable have no version; `trixie/sid` stands in the pretty name. */
function labelFromName(distro: Distro): string {
  const pretty = /\b([a-z]+)\/sid\b/i.exec(distro.prettyName ?? '');
  if (pretty) return 'unstable';
  return distro.codename ?? '';
}

function lookup(meta: IndexMeta, wanted: Specifier, options: ResolveOptions): ResolvedSystem[] {
  const asked = options.exact ? wanted : withOverrides(meta.overrides, wanted);
  const spec = { ...asked, major: trimZeros(asked.major), minor: trimZeros(asked.minor) };
  const rows = meta.operatingSystems.filter((row) => named(row, spec));
  const ofMajor = rows.filter((row) => row.major === spec.major);
  const choices =
    spec.major === ''
      ? [spec.label === '' && hasVersions(rows) ? [] : rows]
      : options.noFallback
        ? [ofMajor.filter((row) => row.minor === spec.minor), ofMajor.every((row) => row.minor === '') ? ofMajor : []]
        : [ofMajor.filter((row) => row.minor === spec.minor), ofMajor.filter((row) => row.minor === ''), ofMajor];
  const found = choices.find((choice) => choice.length > 0) ?? [];
  return found.map((row) => ({
    key: operatingSystemKey(row),
    row,
    namespaceOf: namespaceOf((provider) => recordNamespace(provider, '', '', row)),
  }));
}

/** A distribution with numbered releases cannot be asked for without a version: that would be all of them. */
function hasVersions(rows: readonly OperatingSystemRow[]): boolean {
  return rows.some((row) => row.major !== '');
}

function named(row: OperatingSystemRow, spec: Specifier): boolean {
  if (row.name.toLowerCase() !== spec.name && row.releaseId.toLowerCase() !== spec.name) return false;
  if (row.channel.toLowerCase() !== spec.channel.toLowerCase()) return false;
  if (spec.label === '') return true;
  const label = spec.label.toLowerCase();
  return row.label.toLowerCase() === label || row.codename.toLowerCase() === label;
}

function trimZeros(text: string): string {
  const trimmed = text.replace(/^0+/, '');
  return trimmed === '' && text !== '' ? '0' : trimmed;
}

function withOverrides(overrides: readonly OperatingSystemOverride[], spec: Specifier): Specifier {
  const version = [spec.major, spec.minor, spec.rest].filter((part) => part !== '').join('.');
  const override = overrides.find((row) => applies(row, spec, version));
  if (!override) return spec;
  return {
    name: (override.replacement ?? spec.name).toLowerCase(),
    major: override.replacementMajor ?? (override.rolling ? '' : spec.major),
    minor: override.replacementMinor ?? (override.rolling ? '' : spec.minor),
    rest: '',
    label: override.replacementLabel ?? spec.label,
    channel: override.replacementChannel ?? spec.channel,
  };
}

function applies(row: OperatingSystemOverride, spec: Specifier, version: string): boolean {
  if (row.alias !== spec.name) return false;
  if (row.applicableClientSchemas !== '') {
    const schemas = parseConstraint(row.applicableClientSchemas, 'semver');
    if (!satisfies(candidate(CLIENT_SCHEMA), schemas)) return false;
  }
  if (row.codename !== '' && row.codename !== spec.label) return false;
  if (row.version !== '' && row.version !== version && row.version !== spec.label) return false;
  return row.versionPattern === '' || matchesPattern(row.versionPattern, version, spec.label);
}

function matchesPattern(pattern: string, version: string, label: string): boolean {
  try {
    const expression = new RegExp(pattern);
    return expression.test(version) || (label !== '' && expression.test(label));
  } catch {
    return false;
  }
}
