import { defineTrigger, type TriggerContext } from '../../gate.ts';
import {
  type Comparison,
  comparison,
  decimal,
  defaulted,
  flag,
  holds,
  integer,
  oneOf,
  optional,
  type ParameterValues,
  regularExpression,
  required,
} from '../../parameter.ts';
import type { VulnerabilityFact } from '../../types.ts';
import {
  type CvssScore,
  highestCvss,
  isOsPackage,
  primaryPath,
  SEVERITIES,
  severityRank,
  vulnerabilityEvidence,
  vulnerabilityTriggerId,
} from './vulnerability-label.ts';

const atLeast = { description: 'How the score is compared.', example: '>=' };

const parameters = {
  package_type: required(oneOf(['all', 'os', 'non-os']), {
    description: 'Packages to look at: of the distribution, of language ecosystems, or all.',
    example: 'all',
  }),
  severity_comparison: defaulted(comparison, '>', { description: 'How the severity is compared.', example: '>=' }),
  severity: defaulted(oneOf(SEVERITIES), 'unknown', { description: 'Severity to compare with.', example: 'high' }),
  cvss_v3_base_score_comparison: defaulted(comparison, '>=', atLeast),
  cvss_v3_base_score: optional(decimal, {
    description: 'CVSS v3 base score of NVD; unscored counts as -1.',
    example: '7.0',
  }),
  cvss_v3_exploitability_score_comparison: defaulted(comparison, '>=', atLeast),
  cvss_v3_exploitability_score: optional(decimal, {
    description: 'CVSS v3 exploitability score of NVD.',
    example: '2.8',
  }),
  cvss_v3_impact_score_comparison: defaulted(comparison, '>=', atLeast),
  cvss_v3_impact_score: optional(decimal, { description: 'CVSS v3 impact score of NVD.', example: '5.9' }),
  fix_available: optional(flag, {
    description: 'Only with (true) or without (false) a fixed version.',
    example: 'true',
  }),
  vendor_only: defaulted(flag, 'true', {
    description: 'Leave out vulnerabilities that the vendor will not fix.',
    example: 'true',
  }),
  max_days_since_creation: optional(integer, {
    description: 'Only when first seen by this account at least so many days ago; unknown counts as long ago.',
    example: '7',
  }),
  max_days_since_fix: optional(integer, {
    description:
      'With fix_available=true: only when the fix was first seen at least so many days ago; unknown counts as long ago.',
    example: '30',
  }),
  vendor_cvss_v3_base_score_comparison: defaulted(comparison, '>=', atLeast),
  vendor_cvss_v3_base_score: optional(decimal, { description: 'CVSS v3 base score of the vendor.', example: '7.0' }),
  vendor_cvss_v3_exploitability_score_comparison: defaulted(comparison, '>=', atLeast),
  vendor_cvss_v3_exploitability_score: optional(decimal, {
    description: 'CVSS v3 exploitability score of the vendor.',
    example: '2.8',
  }),
  vendor_cvss_v3_impact_score_comparison: defaulted(comparison, '>=', atLeast),
  vendor_cvss_v3_impact_score: optional(decimal, {
    description: 'CVSS v3 impact score of the vendor.',
    example: '5.9',
  }),
  package_path_exclude: optional(regularExpression, {
    description: 'Leave out non-OS packages whose path matches, from its start.',
    example: '.*/test/.*\\.jar',
  }),
  inherited_from_base: optional(flag, {
    description: 'Only inherited from the base image (true) or only new (false); not compared counts as new.',
    example: 'false',
  }),
  epss_score_comparison: defaulted(comparison, '>=', atLeast),
  epss_score: optional(decimal, {
    description: 'EPSS probability, 0 to 1; no EPSS entry never matches.',
    example: '0.1',
  }),
  epss_percentile_comparison: defaulted(comparison, '>=', atLeast),
  epss_percentile: optional(decimal, {
    description: 'EPSS percentile, 0 to 1 (a number above 1 is read as percent).',
    example: '0.95',
  }),
  known_exploited_vulnerability: optional(flag, {
    description: 'Only vulnerabilities that are (true) or are not (false) in the CISA KEV catalogue.',
    example: 'true',
  }),
};

type Values = ParameterValues<typeof parameters>;

/** Fires once per match that meets every given condition. */
export const packageTrigger = defineTrigger({
  name: 'package',
  description: 'A vulnerability of an installed package meets every given condition.',
  artifactTypes: ['image', 'source'],
  parameters,
  *evaluate(context) {
    const facts = context.read('vulnerabilities');
    if (!facts) return;
    const candidates = facts.filter((fact) => meetsConditions(fact, context.params));
    const kept = withoutExcludedPaths(candidates, context);
    for (const fact of kept) {
      // Age conditions come last: only they bound how long the answer holds.
      if (isOldEnough(fact, context)) yield describe(fact);
    }
  },
});

function describe(fact: VulnerabilityFact) {
  const { vulnerability, package: pkg } = fact;
  const path = primaryPath(pkg);
  const place = path === undefined ? '' : ` (${path})`;
  const fix =
    fact.fixVersions.length > 0
      ? `fixed in ${fact.fixVersions.join(', ')}`
      : fact.willNotFix
        ? 'will not be fixed'
        : 'no fix known';
  const triggerId = vulnerabilityTriggerId(fact);
  return {
    message: `${vulnerability.severity} vulnerability ${vulnerability.id} in ${pkg.type} package ${pkg.name} ${pkg.version}${place}: ${fix}`,
    key: `${vulnerability.id}+${pkg.purl ?? `${pkg.type}/${pkg.name}@${pkg.version}`}${isOsPackage(pkg) ? '' : `@${path ?? ''}`}`,
    triggerId,
    evidence: vulnerabilityEvidence(fact),
  };
}

/** All conditions that depend neither on time nor on expressions. */
function meetsConditions(fact: VulnerabilityFact, params: Values): boolean {
  const { vulnerability } = fact;
  if (params.package_type !== 'all' && (params.package_type === 'os') !== isOsPackage(fact.package)) return false;
  const order = severityRank(vulnerability.severity) - SEVERITIES.indexOf(params.severity);
  if (!holds(order, params.severity_comparison)) return false;
  if (params.vendor_only && fact.willNotFix) return false;
  if (params.fix_available !== undefined && params.fix_available !== fact.fixVersions.length > 0) return false;
  if (
    params.known_exploited_vulnerability !== undefined &&
    params.known_exploited_vulnerability !== (vulnerability.kev !== undefined)
  )
    return false;
  if (params.inherited_from_base !== undefined && params.inherited_from_base !== (fact.inheritedFromBase ?? false))
    return false;
  return meetsScores(fact, params);
}

function meetsScores(fact: VulnerabilityFact, params: Values): boolean {
  const { epss: estimate } = fact.vulnerability;
  function cvss(from: 'nvd' | 'vendor', score: CvssScore, limit: number | undefined, operator: Comparison): boolean {
    return limit === undefined || holds(highestCvss(fact, from, score) - limit, operator);
  }
  function epss(value: number | undefined, limit: number | undefined, operator: Comparison): boolean {
    return limit === undefined || (value !== undefined && holds(value - limit, operator));
  }
  const percentile = params.epss_percentile;
  return (
    cvss('nvd', 'baseScore', params.cvss_v3_base_score, params.cvss_v3_base_score_comparison) &&
    cvss(
      'nvd',
      'exploitabilityScore',
      params.cvss_v3_exploitability_score,
      params.cvss_v3_exploitability_score_comparison,
    ) &&
    cvss('nvd', 'impactScore', params.cvss_v3_impact_score, params.cvss_v3_impact_score_comparison) &&
    cvss('vendor', 'baseScore', params.vendor_cvss_v3_base_score, params.vendor_cvss_v3_base_score_comparison) &&
    cvss(
      'vendor',
      'exploitabilityScore',
      params.vendor_cvss_v3_exploitability_score,
      params.vendor_cvss_v3_exploitability_score_comparison,
    ) &&
    cvss('vendor', 'impactScore', params.vendor_cvss_v3_impact_score, params.vendor_cvss_v3_impact_score_comparison) &&
    epss(estimate?.score, params.epss_score, params.epss_score_comparison) &&
    epss(
      estimate?.percentile,
      percentile !== undefined && percentile > 1 ? percentile / 100 : percentile,
      params.epss_percentile_comparison,
    )
  );
}

function withoutExcludedPaths(facts: VulnerabilityFact[], context: TriggerContext<Values>): VulnerabilityFact[] {
  const exclude = context.params.package_path_exclude;
  if (!exclude) return facts;
  const paths = [
    ...new Set(facts.flatMap((fact) => (isOsPackage(fact.package) ? [] : (primaryPath(fact.package) ?? [])))),
  ];
  const flags = context.regex.matches(exclude.regex, paths);
  const excluded = new Set(paths.filter((_, index) => flags[index]));
  return facts.filter((fact) => isOsPackage(fact.package) || !excluded.has(primaryPath(fact.package) ?? ''));
}

/** An unknown date does not hold a finding back. */
function isOldEnough(fact: VulnerabilityFact, { params, clock }: TriggerContext<Values>): boolean {
  function old(since: string | undefined, days: number | undefined): boolean {
    return days === undefined || since === undefined || (clock.olderThan(since, days) ?? true);
  }
  if (!old(fact.detectedAt, params.max_days_since_creation)) return false;
  return params.fix_available !== true || old(fact.fixObservedAt, params.max_days_since_fix);
}
