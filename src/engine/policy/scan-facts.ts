import type { Analysis } from '../model/analysis.ts';
import type { Digest } from '../model/digest.ts';
import type { Package } from '../model/package.ts';
import type { Coverage, Match, VulnerabilityDetail, VulnerabilityIndex } from '../vulnerabilities/types.ts';
import type { Fact, PolicyFacts, VulnerabilityFact } from './types.ts';

/** What a scan found, as gates need it. */
export interface ScannedVulnerabilities {
  findings: readonly { package: Package; match: Match; detail: VulnerabilityDetail }[];
  coverage: readonly Coverage[];
}

function fact<T>(value: T | undefined): Fact<T> {
  return value === undefined ? { state: 'not-collected' } : { state: 'present', value };
}

/** What policy gates read about something that was scanned and is not stored: there is no history, so first sightings are unknown. */
export function scanFacts(
  analysis: Analysis,
  found: ScannedVulnerabilities,
  index: Pick<VulnerabilityIndex, 'builtAt' | 'detail'>,
): PolicyFacts {
  return {
    image: { ...(analysis.image ?? NO_IMAGE), layerCount: analysis.layers.length },
    ...(analysis.distro ? { distro: analysis.distro } : {}),
    packages: { state: 'present', value: analysis.packages },
    files: fact(analysis.files),
    secrets: fact(analysis.secrets),
    contentSearch: fact(analysis.contentSearch),
    retrievedFiles: fact(analysis.retrievedFiles),
    dockerfile: fact(analysis.dockerfile),
    vulnerabilities: { state: 'present', value: vulnerabilityFacts(found.findings, index) },
    feed: { builtAt: index.builtAt, coversDistro: !found.coverage.includes('no-data-for-distro') },
    malware: malwareFact(analysis.malware),
    ancestors: { state: 'not-collected' },
  };
}

type Scores = VulnerabilityDetail['cvss'];

function vulnerabilityFacts(
  findings: ScannedVulnerabilities['findings'],
  index: Pick<VulnerabilityIndex, 'detail'>,
): VulnerabilityFact[] {
  // The same record is found in many packages.
  const known = new Map<VulnerabilityDetail, Scores>();
  const scoresOf = (detail: VulnerabilityDetail): Scores => {
    const read = known.get(detail);
    if (read) return read;
    const cves = [...new Set([detail.id, ...detail.aliases].filter((id) => id.startsWith('CVE-')))];
    const scores = cves.flatMap((cve) => index.detail(cve, 'nvd:cpe')?.cvss ?? []);
    known.set(detail, scores);
    return scores;
  };
  return findings.map(({ package: pkg, match, detail }) => {
    const nvdCvss = match.namespace === 'nvd:cpe' ? [] : scoresOf(detail);
    return {
      vulnerability: detail,
      package: pkg,
      fixVersions: match.fix.versions,
      willNotFix: match.fix.state === 'wont-fix',
      ...(nvdCvss.length > 0 ? { nvdCvss } : {}),
    };
  });
}

/** Stands for the configuration of something that is no image. */
const NO_IMAGE: Omit<PolicyFacts['image'], 'layerCount'> = {
  manifestDigest: '' as Digest,
  imageId: '',
  mediaType: '',
  os: '',
  architecture: '',
  size: 0,
  config: {},
  history: [],
  labels: {},
};

/** Findings of the malware scan, as the policy engine reads them. */
export function malwareFact(scan: Analysis['malware']): PolicyFacts['malware'] {
  if (scan === undefined) return { state: 'not-collected' };
  const { scanner } = scan;
  return {
    state: 'present',
    value: { findings: scan.findings.map(({ path, signature }) => ({ path, signature, scanner })) },
  };
}
