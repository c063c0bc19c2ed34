import type { Digest } from '#engine/model/digest.ts';
import type { Fact, PolicyFacts, PolicyTarget, VulnerabilityFact } from '#engine/policy/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { AnalysedSource } from './analyse.ts';
import type { ScanFinding, ScanFindings } from './find-vulnerabilities.ts';

function fact<T>(value: T | undefined): Fact<T> {
  return value === undefined ? { state: 'not-collected' } : { state: 'present', value };
}

/** What policy gates read about a scanned source. There is no history, so first sightings are unknown. */
export function policyFacts({ analysis }: AnalysedSource, found: ScanFindings, index: VulnerabilityIndex): PolicyFacts {
  return {
    image: { ...(analysis.image ?? NO_IMAGE), layerCount: analysis.layers.length },
    ...(analysis.distro ? { distro: analysis.distro } : {}),
    packages: { state: 'present', value: analysis.packages },
    files: fact(analysis.files),
    secrets: fact(analysis.secrets),
    contentSearch: fact(analysis.contentSearch),
    retrievedFiles: fact(analysis.retrievedFiles),
    dockerfile: fact(analysis.dockerfile),
    vulnerabilities: { state: 'present', value: found.findings.map((finding) => vulnerabilityFact(finding, index)) },
    feed: { builtAt: index.builtAt, coversDistro: !found.coverage.includes('no-data-for-distro') },
    malware: { state: 'not-collected' },
    ancestors: { state: 'not-collected' },
  };
}

function vulnerabilityFact({ package: pkg, match, detail }: ScanFinding, index: VulnerabilityIndex): VulnerabilityFact {
  const cves = [...new Set([detail.id, ...detail.aliases].filter((id) => id.startsWith('CVE-')))];
  const nvdCvss = match.namespace === 'nvd:cpe' ? [] : cves.flatMap((cve) => index.detail(cve, 'nvd:cpe')?.cvss ?? []);
  return {
    vulnerability: detail,
    package: pkg,
    fixVersions: match.fix.versions,
    willNotFix: match.fix.state === 'wont-fix',
    ...(nvdCvss.length > 0 ? { nvdCvss } : {}),
  };
}

/**
 * What is judged. Images, and everything with a distribution, by the mappings and rule sets for images; other
 * directories and SBOMs as sources of the host `localhost`.
 */
export function policyTarget(
  { kind, analysis, tag }: AnalysedSource,
  request: { tag?: string | undefined },
): PolicyTarget {
  const { image } = analysis;
  const name = request.tag ?? tag;
  const target = {
    imageDigest: image?.manifestDigest ?? '',
    imageId: (image?.imageId ?? '').replace(/^sha256:/, ''),
    ...(name === undefined ? {} : { tag: name }),
  };
  const isSource = kind !== 'image' && analysis.distro === undefined && name === undefined;
  return isSource ? { ...target, source: { host: 'localhost', repository: analysis.source.name } } : target;
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
