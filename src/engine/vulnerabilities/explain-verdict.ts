import type { ExplainablePackage, ExplainedPackage, ExplainQuestion } from './explain-source.ts';
import type { ExplainStep, Explanation, MatchSettings, VulnerabilityDetail } from './types.ts';

/** How a question about a vulnerability ends, the most telling first. */
export const VERDICTS = [
  'reported',
  'suppressed',
  'version-not-in-range',
  'marked-unaffected',
  'not-for-this-package',
  'other-target',
  'provider-excluded',
  'record-withdrawn',
  'package-type-excluded',
  'unknown-version',
  'no-data-for-distro',
  'no-data-for-ecosystem',
  'not-matched-yet',
  'names-other-packages',
  'package-not-found',
  'no-record',
  'nothing-reported',
  'no-data',
] as const;
/** One of `VERDICTS`. */
export type Verdict = (typeof VERDICTS)[number];

interface Settled {
  verdict: Verdict;
  summary: string;
}

/** What an outcome of a step means for the whole, from the one that came closest to a finding. */
const OUTCOMES: readonly [ExplainStep['outcome'], Verdict][] = [
  ['unaffected-here', 'marked-unaffected'],
  ['in-range', 'not-matched-yet'],
  ['not-in-range', 'version-not-in-range'],
  ['other-target', 'other-target'],
  ['not-for-this-package', 'not-for-this-package'],
  ['provider-excluded', 'provider-excluded'],
  ['withdrawn', 'record-withdrawn'],
];

function rank(verdict: Verdict): number {
  return VERDICTS.indexOf(verdict);
}

function settlePackage(
  of: ExplainablePackage,
  trail: Explanation | undefined,
  settings: MatchSettings,
  question: ExplainQuestion,
): Settled {
  const { name, version } = of.package;
  const [reported] = of.reported;
  if (reported) {
    const more =
      question.vulnerability === undefined && of.reported.length > 1 ? ` and ${of.reported.length - 1} more` : '';
    return {
      verdict: 'reported',
      summary: `${name} ${version} is reported with ${reported.vulnerability}${more}: ${reported.searchedBy.version} lies in ${
        reported.constraint === '' ? 'all versions' : reported.constraint
      } (${reported.scheme}) of ${reported.namespace}`,
    };
  }
  const [suppressed] = of.suppressed;
  if (suppressed) {
    return {
      verdict: 'suppressed',
      summary: `${suppressed.vulnerability} holds for ${name} ${version}, but rule ${suppressed.rule} took it away: ${suppressed.reason}`,
    };
  }
  if (settings.excludePackageTypes.includes(of.package.type))
    return {
      verdict: 'package-type-excluded',
      summary: `packages of type ${of.package.type} are excluded by the settings`,
    };
  if (!trail) {
    const nothing = question.vulnerability === undefined;
    return nothing
      ? { verdict: 'nothing-reported', summary: `nothing is reported for ${name} ${version}` }
      : { verdict: 'no-data', summary: 'no vulnerability data is loaded' };
  }
  if (trail.coverage === 'unknown-version') return { verdict: 'unknown-version', summary: trail.summary };
  if (trail.matches.length > 0)
    return {
      verdict: 'not-matched-yet',
      summary: `${trail.summary}; the package was last matched with other data and is going to be matched again`,
    };
  for (const [outcome, verdict] of OUTCOMES) {
    const step = trail.steps.find((item) => item.outcome === outcome);
    if (step)
      return { verdict, summary: `${name} ${version} is not affected by ${step.vulnerability}: ${step.reason}` };
  }
  if (trail.coverage === 'no-data-for-distro') return { verdict: 'no-data-for-distro', summary: trail.summary };
  if (trail.coverage === 'no-data-for-ecosystem') return { verdict: 'no-data-for-ecosystem', summary: trail.summary };
  return { verdict: 'names-other-packages', summary: trail.summary };
}

/** What is known when the packages have been looked at. */
interface Facts {
  index: boolean;
  records: readonly VulnerabilityDetail[];
  /** Packages of the name asked for, or all. */
  named: number;
  explained: readonly ExplainedPackage[];
  told: readonly ExplainedPackage[];
}

function settleSource(question: ExplainQuestion, { index, records, named, explained, told }: Facts): Settled {
  const { vulnerability } = question;
  const [best] = told;
  const count = told.filter(({ verdict }) => verdict === best?.verdict).length;
  const settled = (): Settled => ({
    verdict: best!.verdict,
    summary: `${best!.summary}${count > 1 ? ` (and ${count - 1} more ${count === 2 ? 'package' : 'packages'} likewise)` : ''}`,
  });
  if (best && (best.verdict === 'reported' || best.verdict === 'suppressed')) return settled();
  if (question.package !== undefined && named === 0)
    return { verdict: 'package-not-found', summary: `there is no package ${question.package} in it` };
  if (vulnerability === undefined)
    return best ? settled() : { verdict: 'nothing-reported', summary: 'nothing is reported' };
  if (!index) return { verdict: 'no-data', summary: 'no vulnerability data is loaded' };
  if (records.length === 0)
    return { verdict: 'no-record', summary: `no provider of the vulnerability data has a record of ${vulnerability}` };
  if (best) return settled();
  const [lacking] = explained.filter(
    ({ verdict }) => verdict === 'no-data-for-distro' || verdict === 'unknown-version',
  );
  if (lacking) return { verdict: lacking.verdict, summary: lacking.summary };
  const places = [...new Set(records.map(({ namespace }) => namespace))];
  return {
    verdict: 'names-other-packages',
    summary: `${vulnerability} is recorded in ${places.slice(0, 5).join(', ')}${places.length > 5 ? ` and ${places.length - 5} more` : ''}, but no record names a package that is in it`,
  };
}

/** Makes a verdict and its sentence, for a package and for the whole. */
export const settle = { package: settlePackage, source: settleSource, rank };
