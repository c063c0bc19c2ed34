import type { Distro } from '../model/distro.ts';
import { OS_PACKAGE_TYPES, type PackageType } from '../model/package.ts';
import type { Coverage, VulnerabilityIndex } from './types.ts';

/** State of the data of one package; `not-matched`: there was no data yet when it was looked at. */
export type CoverageState = Coverage | 'not-matched';

/** One package of a source, with the state of its data. */
export interface CoveredComponent {
  type: PackageType;
  name: string;
  version: string;
  state: CoverageState;
}

/** How far the data speaks of the distribution of a source. */
export interface DistroCoverage {
  id: string;
  version?: string;
  name: string;
  /** `no-packages`: the source has no packages of the distribution, so nothing depends on it. */
  state: 'covered' | 'end-of-life' | 'no-data' | 'not-matched' | 'no-packages';
  /** Last day of support, `YYYY-MM-DD`, when the data tells. */
  endOfLife?: string;
  /** Days from now to that day; negative after it. */
  endsInDays?: number;
  /** The state as a sentence. */
  message: string;
}

/** How far the data speaks of one kind of packages. */
export interface EcosystemCoverage {
  type: PackageType;
  packages: number;
  covered: number;
}

/** Packages that nothing can be said of: the first ones by name, and how many there are. */
export interface UnjudgedPackages {
  count: number;
  /** At most {@link LISTED_PACKAGES}. */
  packages: { type: PackageType; name: string; version: string }[];
}

/** What the findings of a source cover. An empty list of findings means nothing without it. */
export interface CoverageReport {
  /** `complete`: every package had data. `none`: no vulnerability data is loaded at all. */
  state: 'complete' | 'partial' | 'none';
  /** RFC 3339; absent without data. */
  dataBuiltAt?: string;
  packages: number;
  /** Packages by state of their data; states without packages are absent. */
  states: Partial<Record<CoverageState, number>>;
  distro: DistroCoverage | null;
  /** By type of package, in order of names. */
  ecosystems: EcosystemCoverage[];
  unknownVersions: UnjudgedPackages;
  /** Packages of kinds, or releases of a distribution, without data. */
  unmatched: UnjudgedPackages;
  /** One sentence for each kind of gap. */
  gaps: string[];
}

/** Packages that a report names; more are counted. */
export const LISTED_PACKAGES = 100;

/** A distribution whose support ends within these days is pointed out. */
const SOON_DAYS = 90;
const DAY_MS = 86_400_000;

const ORDER: readonly CoverageState[] = [
  'covered',
  'no-data-for-distro',
  'distro-end-of-life',
  'no-data-for-ecosystem',
  'unknown-version',
  'not-matched',
];

const SENTENCES: Record<Exclude<CoverageState, 'covered'>, string> = {
  'no-data-for-distro': 'packages of a distribution release that the vulnerability data does not cover',
  'distro-end-of-life': 'packages of a distribution release past its end of life: newer vulnerabilities may be missing',
  'no-data-for-ecosystem': 'packages of ecosystems that the vulnerability data does not cover',
  'unknown-version': 'packages whose version is unknown: nothing is searched for them',
  'not-matched': 'packages that were not matched yet',
};

/** What is said when there is no data at all. */
export const NO_DATA = 'no vulnerability data is loaded';

/** The states that are gaps, each with its sentence. Unknown states are left out. */
export function coverageGaps(
  states: Readonly<Partial<Record<string, number>>>,
): { code: CoverageState; message: string }[] {
  return ORDER.flatMap((state) => {
    const count = states[state];
    if (state === 'covered' || !count) return [];
    return [{ code: state, message: `${count} ${SENTENCES[state]}` }];
  });
}

/** Counts by state, in a fixed order. */
export function coverageStates(states: Iterable<CoverageState>): CoverageReport['states'] {
  const counts = new Map<CoverageState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.fromEntries(ORDER.flatMap((state) => (counts.has(state) ? [[state, counts.get(state)]] : [])));
}

/** Sums up what was, and what could not be, judged. */
export function coverageReport(source: {
  packages: readonly CoveredComponent[];
  distro: Distro | undefined;
  /** Undefined: there is no data. */
  index: Pick<VulnerabilityIndex, 'builtAt' | 'endOfLife'> | undefined;
  now: Date;
}): CoverageReport {
  const { packages, index } = source;
  const states = coverageStates(packages.map(({ state }) => state));
  const distro = source.distro ? distroCoverage({ ...source, distro: source.distro }) : null;
  const gaps = coverageGaps(states).map(({ code, message }) =>
    code === 'distro-end-of-life' && distro?.endOfLife ? `${message} (${distro.message})` : message,
  );
  const soon = distro?.endsInDays !== undefined && distro.endsInDays >= 0 && distro.endsInDays <= SOON_DAYS;
  return {
    state: index === undefined ? 'none' : gaps.length === 0 ? 'complete' : 'partial',
    ...(index ? { dataBuiltAt: index.builtAt } : {}),
    packages: packages.length,
    states,
    distro,
    ecosystems: ecosystems(packages),
    unknownVersions: unjudged(packages, ['unknown-version']),
    unmatched: unjudged(packages, ['no-data-for-distro', 'no-data-for-ecosystem']),
    gaps: [...(index ? [] : [NO_DATA]), ...gaps, ...(soon && distro?.state === 'covered' ? [distro.message] : [])],
  };
}

function ecosystems(packages: readonly CoveredComponent[]): EcosystemCoverage[] {
  const byType = new Map<PackageType, EcosystemCoverage>();
  for (const { type, state } of packages) {
    const known = byType.get(type) ?? { type, packages: 0, covered: 0 };
    known.packages += 1;
    if (state === 'covered' || state === 'distro-end-of-life') known.covered += 1;
    byType.set(type, known);
  }
  return [...byType.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function unjudged(packages: readonly CoveredComponent[], states: readonly CoverageState[]): UnjudgedPackages {
  const found = packages.filter(({ state }) => states.includes(state));
  const key = ({ type, name, version }: CoveredComponent) => `${name}\n${type}\n${version}`;
  return {
    count: found.length,
    packages: found
      .map((pkg) => ({ pkg, key: key(pkg) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .slice(0, LISTED_PACKAGES)
      .map(({ pkg: { type, name, version } }) => ({ type, name, version })),
  };
}

function distroCoverage({
  packages,
  distro,
  index,
  now,
}: Parameters<typeof coverageReport>[0] & { distro: Distro }): DistroCoverage {
  const states = new Set(packages.filter(({ type }) => OS_PACKAGE_TYPES.has(type)).map(({ state }) => state));
  const ends = index?.endOfLife(distro);
  const endOfLife = ends?.slice(0, 10);
  const days = endOfLife === undefined ? Number.NaN : Math.floor((Date.parse(endOfLife) - now.getTime()) / DAY_MS) + 1;
  const endsInDays = Number.isFinite(days) ? days : undefined;
  const state = distroState(states);
  const name = nameOf(distro);
  return {
    id: distro.id,
    ...(distro.versionId === undefined ? {} : { version: distro.versionId }),
    name,
    state,
    ...(endOfLife === undefined ? {} : { endOfLife }),
    ...(endsInDays === undefined ? {} : { endsInDays }),
    message: distroMessage(name, state, endOfLife, endsInDays),
  };
}

function distroState(states: ReadonlySet<CoverageState>): DistroCoverage['state'] {
  if (states.size === 0) return 'no-packages';
  if (states.has('no-data-for-distro')) return 'no-data';
  if (states.has('distro-end-of-life')) return 'end-of-life';
  return states.has('covered') ? 'covered' : 'not-matched';
}

/** As the distribution calls itself: `Debian GNU/Linux 12 (bookworm)`. */
function nameOf({ id, versionId, name, prettyName }: Distro): string {
  return prettyName ?? [name ?? id, versionId].filter(Boolean).join(' ');
}

function distroMessage(
  name: string,
  state: DistroCoverage['state'],
  endOfLife: string | undefined,
  endsInDays: number | undefined,
): string {
  switch (state) {
    case 'no-data':
      return `the vulnerability data has nothing for ${name}: its packages could not be judged`;
    case 'not-matched':
      return `the packages of ${name} were not matched yet`;
    case 'no-packages':
      return `there are no packages of ${name}`;
    case 'end-of-life':
      return `support of ${name} ended${endOfLife === undefined ? '' : ` on ${endOfLife}`}`;
    case 'covered':
      if (endOfLife === undefined || endsInDays === undefined) return `the vulnerability data covers ${name}`;
      return `the vulnerability data covers ${name}, supported until ${endOfLife}${endsInDays <= SOON_DAYS ? `: ${daysLeft(endsInDays)}` : ''}`;
  }
}

function daysLeft(days: number): string {
  return days <= 0 ? 'ends today' : `${days} ${days === 1 ? 'day' : 'days'} left`;
}
