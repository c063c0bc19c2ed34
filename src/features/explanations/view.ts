import type {
  ExplainedFinding,
  ExplainedPackage,
  ExplainedRecord,
  ExplanationOverlay,
  ExplanationStep,
} from '#contract/windlass-explanations.ts';
import type {
  ExplainedPackage as EngineAnswer,
  ExplainablePackage,
  SourceExplanation,
} from '#engine/vulnerabilities/index.ts';
import type { ExplainStep, Match, SuppressedMatch } from '#engine/vulnerabilities/types.ts';
import { type DatedFinding, type PlacedPackage, vulnerabilityUrl } from '#features/findings/index.ts';
import { apiPackageType } from '#features/images/index.ts';
import { present } from '#shared/present.ts';
import type { LayerSteps } from './layers.ts';

/** Something laid over the matches of an image. */
export type Overlay = ExplanationOverlay;

/** What the image adds to an answer of the engine. */
export interface ExplainedEvidence {
  steps: LayerSteps;
  /** Digests of the layers, lowest first. */
  layers: readonly string[];
  /** When builds of the data were built, by checksum. */
  builds: ReadonlyMap<string, Date>;
  /** Packages by their id in the analysis. */
  owners: ReadonlyMap<string, PlacedPackage>;
}

/** Findings of one package that are shown. */
const MAX_FINDINGS = 100;

/** A package of an answer in the words of the API. */
export function explainedPackage(
  { of, trail, verdict, summary }: EngineAnswer<ExplainablePackage & { row: PlacedPackage; findings: DatedFinding[] }>,
  evidence: ExplainedEvidence,
  more: readonly Overlay[],
): ExplainedPackage {
  const { row } = of;
  const layer = row.layer ?? undefined;
  const at = layer === undefined ? -1 : evidence.layers.indexOf(layer);
  const owner = row.owned_by === null ? undefined : evidence.owners.get(row.owned_by);
  const dated = (match: Match) =>
    of.findings.find(
      (one) => one.match.vulnerability === match.vulnerability && one.match.namespace === match.namespace,
    );
  return {
    name: row.name,
    version: row.version,
    type: apiPackageType(row.type),
    cpes: row.matchable.cpes,
    path: row.path,
    ...present({
      purl: row.purl,
      layer,
      layer_index: at < 0 ? undefined : at,
      layer_created_by: layer === undefined ? undefined : evidence.steps.get(layer),
      owner: owner && { name: owner.name, version: owner.version, type: apiPackageType(owner.type) },
    }),
    coverage: row.matched_with === null ? 'not-matched' : row.coverage,
    verdict,
    summary,
    searches: trail?.searches ?? [],
    findings: of.reported.slice(0, MAX_FINDINGS).map((match) => findingView(match, dated(match), evidence)),
    suppressed: of.suppressed.slice(0, MAX_FINDINGS).map((match) => ({
      ...findingView(match, dated(match), evidence),
      rule: match.rule,
      reason: match.reason,
    })),
    overlays: [...overlaysOf(of), ...corrections(of.row), ...judgements(of.findings), ...more],
    steps: trail?.steps.map(stepView) ?? [],
  };
}

/** Overlays that follow from the findings themselves. */
function overlaysOf({ reported, suppressed }: ExplainablePackage): Overlay[] {
  const owned = suppressed.filter(({ rule }) => rule === 'owned-by-os-package' || rule === 'fixed-by-distro');
  const reasons = [...new Set(owned.map(({ reason }) => reason))];
  const unfixed = reported.filter(({ fix }) => fix.state === 'wont-fix').map(({ vulnerability }) => vulnerability);
  return [
    ...reasons.slice(0, 10).map((text): Overlay => ({ overlay: 'ownership', effect: 'suppressed', text })),
    ...(unfixed.length > 0
      ? [
          {
            overlay: 'vendor_only',
            effect: 'hidden' as const,
            text: `the vendor will not fix ${[...new Set(unfixed)].slice(0, 10).join(', ')}: left out of lists with vendor_only=true, which is the default`,
          },
        ]
      : []),
  ];
}

function corrections({ corrections: uuids, matchable }: PlacedPackage): Overlay[] {
  if (!uuids || uuids.length === 0) return [];
  return [
    {
      overlay: 'correction',
      effect: 'changed',
      text: `matched as ${matchable.name} ${matchable.version} by correction ${uuids.join(', ')}`,
    },
  ];
}

/** What people, or imported documents, said of the findings. */
function judgements(findings: readonly DatedFinding[]): Overlay[] {
  return findings.flatMap(({ match, annotation }) => {
    if (!annotation) return [];
    const { source, status, justification, author } = annotation;
    const said = [status.replaceAll('_', ' '), justification?.replaceAll('_', ' ')].filter(Boolean).join(', ');
    return [
      {
        overlay: source,
        effect: 'noted' as const,
        text: `${match.vulnerability} is marked ${said}${author === undefined ? '' : ` by ${author}`}`,
      },
    ];
  });
}

function findingView(
  match: Match | SuppressedMatch,
  row: DatedFinding | undefined,
  evidence: ExplainedEvidence,
): ExplainedFinding {
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
    ...present({
      doubt: match.doubt,
      first_seen_at: row?.first_seen_at.toISOString(),
      fix_observed_at: row?.fix_observed_at?.toISOString(),
      opened_at: row?.opened_at.toISOString(),
      opened_by_build: row?.opened_by_build,
      build_built_at: row && evidence.builds.get(row.opened_by_build)?.toISOString(),
    }),
  };
}

function stepView({ searchedBy, ranges, ...step }: ExplainStep): ExplanationStep {
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

/** A record in the words of the API. */
export function explainedRecord(record: SourceExplanation['records'][number]): ExplainedRecord {
  return {
    id: record.id,
    namespace: record.namespace,
    provider: record.provider,
    severity: record.severity,
    aliases: record.aliases,
    is_kev: record.kev !== undefined,
    url: vulnerabilityUrl(record),
    packages: record.packages,
    ...present({ status: record.status, published_at: record.publishedAt, modified_at: record.modifiedAt }),
  };
}
