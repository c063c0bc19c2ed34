import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import { type ExplainablePackage, explainSource } from '#engine/vulnerabilities/explain-source.ts';
import type { SourceFindings } from '#engine/vulnerabilities/find-vulnerabilities.ts';
import { toMatchable } from '#engine/vulnerabilities/identity.ts';
import type {
  ExplainStep,
  Match,
  MatchSettings,
  SuppressedMatch,
  VulnerabilityIndex,
} from '#engine/vulnerabilities/types.ts';
import type { Explanation } from '../explanation-report.ts';

/** A question that a scan is asked instead of a report. */
export interface ScanQuestion {
  vulnerability: string;
  package?: string;
}

interface Candidate extends ExplainablePackage {
  source: Package;
}

/** Tells why what was scanned has, or has not, a vulnerability; in the form of the server's answer. */
export function explainScan(
  analysis: Analysis,
  found: SourceFindings,
  index: VulnerabilityIndex,
  settings: MatchSettings,
  question: ScanQuestion,
): Explanation {
  const packages = new Map(
    analysis.packages.map((source): [string, Candidate & { reported: Match[]; suppressed: SuppressedMatch[] }] => [
      source.id,
      { id: source.id, package: toMatchable(source, analysis.distro), reported: [], suppressed: [], source },
    ]),
  );
  for (const { package: pkg, match } of found.findings) packages.get(pkg.id)?.reported.push(match);
  for (const { package: pkg, match } of found.suppressed) packages.get(pkg.id)?.suppressed.push(match);
  const answer = explainSource({ packages: [...packages.values()], index, settings }, question);
  const layers = analysis.layers.map(({ digest }) => digest as string);
  const states = new Map(analysis.packages.map((pkg, at) => [pkg.id, found.coverage[at]]));
  return {
    vulnerability: question.vulnerability,
    ...(question.package === undefined ? {} : { package: question.package }),
    verdict: answer.verdict,
    summary: answer.summary,
    data_built_at: index.builtAt,
    data_checksum: index.checksum,
    records: answer.records.map((record) => ({
      id: record.id,
      namespace: record.namespace,
      provider: record.provider,
      severity: record.severity,
      ...(record.status === undefined ? {} : { status: record.status }),
      aliases: record.aliases,
      ...(record.publishedAt === undefined ? {} : { published_at: record.publishedAt }),
      ...(record.modifiedAt === undefined ? {} : { modified_at: record.modifiedAt }),
      is_kev: record.kev !== undefined,
      url: record.links[0] ?? '',
      packages: record.packages,
    })),
    packages: answer.packages.map(({ of, trail, verdict, summary }) => {
      const { source } = of;
      const [place] = source.locations;
      const layer = place?.layer;
      const at = layer === undefined ? -1 : layers.indexOf(layer);
      const createdBy = analysis.layers[at]?.createdBy;
      const owner = source.ownedBy === undefined ? undefined : packages.get(source.ownedBy)?.source;
      return {
        name: source.name,
        version: source.version,
        type: source.type,
        ...(source.purl === undefined ? {} : { purl: source.purl }),
        cpes: source.cpes,
        path: place?.path ?? '',
        ...(layer === undefined ? {} : { layer }),
        ...(at < 0 ? {} : { layer_index: at }),
        ...(createdBy === undefined ? {} : { layer_created_by: createdBy }),
        ...(owner ? { owner: { name: owner.name, version: owner.version, type: owner.type } } : {}),
        coverage: states.get(source.id) ?? 'not-matched',
        verdict,
        summary,
        searches: trail?.searches ?? [],
        findings: of.reported.map(findingOf),
        suppressed: of.suppressed.map((match) => ({ ...findingOf(match), rule: match.rule, reason: match.reason })),
        overlays: [],
        steps: trail?.steps.map(stepOf) ?? [],
      };
    }),
    considered: answer.considered,
    truncated: answer.truncated,
  };
}

function findingOf(match: Match) {
  return {
    vulnerability: match.vulnerability,
    namespace: match.namespace,
    provider: match.provider,
    match_kind: match.kind,
    searched_by: match.searchedBy,
    constraint: match.constraint,
    scheme: match.scheme,
    aliases: match.aliases,
    fix_state: match.fix.state,
    fix_versions: match.fix.versions,
    ...(match.doubt === undefined ? {} : { doubt: match.doubt }),
  };
}

function stepOf({ searchedBy, ranges, ...step }: ExplainStep) {
  return {
    ...step,
    searched_by: searchedBy,
    ranges: ranges.map(({ constraint, scheme, fixState, fixVersion }) => ({
      constraint,
      scheme,
      fix_state: fixState,
      fix_version: fixVersion,
    })),
  };
}
