import type { Analysis } from '#engine/model/analysis.ts';
import type { Problem } from '#engine/model/problem.ts';
import type { Coverage } from '#engine/vulnerabilities/types.ts';
import type { VulnerabilityData } from './vulnerability-data.ts';

/** What was looked at, and what was not: no list of findings means anything without it. */
export interface ScanCoverage {
  /** Everything was read, and every package had vulnerability data (`--packages-only`: everything was read). */
  complete: boolean;
  /** `not-requested`: packages only. */
  matching: 'done' | 'not-requested';
  data: { location: string; checksum: string; schemaVersion: string; builtAt: string; stale: boolean } | null;
  /** Packages by state of their data; empty without matching. */
  states: Partial<Record<Coverage, number>>;
  /** One line for each kind of gap, for people. */
  gaps: string[];
  problems: Problem[];
}

type Gap = Exclude<Coverage, 'covered'>;

const GAPS: Record<Gap, string> = {
  'no-data-for-distro': 'packages of a distribution release that the vulnerability data does not cover',
  'distro-end-of-life': 'packages of a distribution release past its end of life: newer vulnerabilities may be missing',
  'no-data-for-ecosystem': 'packages of ecosystems that the vulnerability data does not cover',
  'unknown-version': 'packages whose version is unknown',
};

/** Describes the coverage of a scan. `packages`: state of each package, absent when nothing was matched. */
export function scanCoverage(
  analysis: Analysis,
  packages: readonly Coverage[] | undefined,
  data: VulnerabilityData | undefined,
): ScanCoverage {
  const states = countStates(packages ?? []);
  const gaps = (Object.entries(GAPS) as [Gap, string][]).flatMap(([state, text]) =>
    states[state] ? [`${states[state]} ${text}`] : [],
  );
  const partial = analysis.problems.some(({ severity }) => severity === 'partial');
  return {
    complete:
      !partial && !states['no-data-for-distro'] && !states['no-data-for-ecosystem'] && !states['unknown-version'],
    matching: packages === undefined ? 'not-requested' : 'done',
    data: data
      ? {
          location: data.location,
          checksum: data.index.checksum,
          schemaVersion: data.index.schemaVersion,
          builtAt: data.index.builtAt,
          stale: data.stale,
        }
      : null,
    states,
    gaps: data?.stale
      ? [`vulnerabilities that became known after ${data.index.builtAt.slice(0, 10)}: the data is old`, ...gaps]
      : gaps,
    problems: analysis.problems,
  };
}

/** Counts by state, in a fixed order. */
function countStates(packages: readonly Coverage[]): ScanCoverage['states'] {
  const counts = new Map<Coverage, number>();
  for (const state of packages) counts.set(state, (counts.get(state) ?? 0) + 1);
  const order: Coverage[] = ['covered', ...(Object.keys(GAPS) as Gap[])];
  return Object.fromEntries(order.flatMap((state) => (counts.has(state) ? [[state, counts.get(state)]] : [])));
}

/** Must the result be called incomplete? Something was not read, or the operating system could not be judged at all. */
export function isIncomplete({ problems, states }: ScanCoverage): boolean {
  return problems.some(({ severity }) => severity === 'partial') || (states['no-data-for-distro'] ?? 0) > 0;
}
