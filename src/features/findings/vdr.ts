import type { Analysis } from '#engine/model/analysis.ts';
import { bomRefs, CYCLONEDX_VERSION, rootComponent } from '#engine/sbom/cyclonedx.ts';
import { analysisOf, type VexJustification } from '#engine/vex/index.ts';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import type { FindingAnnotation, FindingRow } from './finding-store.ts';
import { vulnerabilityUrl } from './vulnerability-view.ts';

const METHODS: Record<string, string> = { '2.0': 'CVSSv2', '3.0': 'CVSSv3', '3.1': 'CVSSv31', '4.0': 'CVSSv4' };
const SEVERITIES: Record<string, string> = {
  Critical: 'critical',
  High: 'high',
  Medium: 'medium',
  Low: 'low',
  Negligible: 'info',
  Unknown: 'unknown',
};

/** A rating of a vulnerability as CycloneDX writes it. */
interface Rating {
  source: { name: string };
  score?: number;
  severity: string;
  method?: string;
  vector?: string;
}

function ratings(detail: VulnerabilityDetail): Rating[] {
  const severity = SEVERITIES[detail.severity] ?? 'unknown';
  const scored = detail.cvss.map((cvss) => ({
    source: { name: cvss.source ?? detail.provider },
    score: cvss.baseScore,
    severity,
    method: METHODS[cvss.version] ?? 'other',
    vector: cvss.vector,
  }));
  return scored.length > 0 ? scored : [{ source: { name: detail.provider }, severity }];
}

/**
 * A vulnerability disclosure report: CycloneDX 1.6 with the affected packages as components and one entry for each
 * vulnerability, which names all components that it affects.
 *
 * With `annotations`, what was judged of a vulnerability is its analysis; packages judged differently are apart.
 *
 * @param time RFC 3339
 */
export function vulnerabilityReport(
  analysis: Analysis,
  findings: FindingRow[],
  time: string,
  options: { description?: boolean; annotations?: boolean } = {},
) {
  const refs = bomRefs(analysis.packages);
  const affected = new Set(findings.map((finding) => finding.document_id));
  const groups = new Map<string, FindingRow[]>();
  for (const finding of findings) {
    const judged = options.annotations && finding.annotation ? ` ${finding.annotation.uuid}` : '';
    const key = `${finding.match.namespace} ${finding.match.vulnerability}${judged}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: CYCLONEDX_VERSION,
    version: 1,
    metadata: {
      timestamp: time,
      tools: { components: [{ type: 'application', name: 'windlass', version: analysis.analyzerVersion }] },
      component: rootComponent(analysis),
    },
    components: analysis.packages
      .filter((pkg) => affected.has(pkg.id))
      .map((pkg) => ({
        'bom-ref': refs.get(pkg.id)!,
        type: 'library',
        name: pkg.name,
        version: pkg.version,
        ...(pkg.purl ? { purl: pkg.purl } : {}),
      })),
    vulnerabilities: [...groups].map(([key, group]) => entry(key, group, refs, options)),
  };
}

function entry(
  key: string,
  group: FindingRow[],
  refs: Map<string, string>,
  options: { description?: boolean; annotations?: boolean },
) {
  const { detail, match, annotation } = group[0]!;
  const fixes = [...new Set(group.flatMap((finding) => finding.match.fix.versions))];
  const cwes = detail.cwes.flatMap((cwe) => {
    const number = Number(/\d+/.exec(cwe)?.[0]);
    return Number.isInteger(number) && number > 0 ? [number] : [];
  });
  return {
    'bom-ref': `vulnerability:${key.replaceAll(' ', '/')}`,
    id: match.vulnerability,
    source: { name: match.namespace, url: vulnerabilityUrl(detail) },
    references: detail.aliases.map((id) => ({ id, source: { name: 'alias' } })),
    ratings: ratings(detail),
    cwes,
    ...(options.description && detail.description ? { description: detail.description } : {}),
    ...(fixes.length > 0 ? { recommendation: `Upgrade to ${fixes.join(' or ')}` } : {}),
    advisories: detail.links.map((url) => ({ url })),
    ...(detail.publishedAt ? { published: detail.publishedAt } : {}),
    ...(detail.modifiedAt ? { updated: detail.modifiedAt } : {}),
    ...(options.annotations && annotation ? { analysis: judgement(annotation) } : {}),
    affects: [...new Map(group.map((finding) => [finding.document_id, finding])).values()].map((finding) => ({
      ref: refs.get(finding.document_id)!,
      versions: [{ version: finding.version, status: 'affected' }],
    })),
  };
}

function judgement({ createdAt, updatedAt, justification, ...annotation }: FindingAnnotation) {
  const time = updatedAt ?? createdAt;
  return analysisOf({
    ...annotation,
    ...(justification ? { justification: justification as VexJustification } : {}),
    ...((createdAt ?? time) ? { created: createdAt ?? time } : {}),
    ...(time ? { updated: time } : {}),
  });
}

/** The report of {@link vulnerabilityReport}. */
export type VulnerabilityReport = ReturnType<typeof vulnerabilityReport>;
