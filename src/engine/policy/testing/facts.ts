import type { FileRecord } from '../../model/analysis.ts';
import type { Package, PackageType } from '../../model/package.ts';
import type { VulnerabilityDetail } from '../../vulnerabilities/types.ts';
import type { AllowlistItem, PolicyDocument, PolicyRule } from '../document.ts';
import type { PolicyFacts, PolicyTarget, VulnerabilityFact } from '../types.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as const;

/** A target with a tag, for specs. */
export const TARGET: PolicyTarget = {
  imageDigest: DIGEST,
  imageId: 'b'.repeat(64),
  tag: 'docker.io/library/nginx:1.27',
};

/** The instant of the specs. */
export const NOW = new Date('2026-03-01T00:00:00Z');

/** Facts of an empty Debian image, with changes. */
export function factsOf(changes: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    image: {
      manifestDigest: DIGEST,
      imageId: 'b'.repeat(64),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      os: 'linux',
      architecture: 'amd64',
      size: 1000,
      config: { User: 'app' },
      history: [],
      labels: {},
      layerCount: 3,
    },
    distro: { id: 'debian', versionId: '12', idLike: [], evidence: '/etc/os-release' },
    packages: { state: 'present', value: [] },
    files: { state: 'present', value: [] },
    secrets: { state: 'present', value: [] },
    contentSearch: { state: 'present', value: [] },
    retrievedFiles: { state: 'present', value: [] },
    dockerfile: { state: 'not-collected' },
    vulnerabilities: { state: 'present', value: [] },
    feed: { builtAt: '2026-02-28T12:00:00Z', coversDistro: true },
    malware: { state: 'not-collected' },
    ancestors: { state: 'present', value: [] },
    ...changes,
  };
}

/** A package with one location. */
export function packageOf(
  type: PackageType,
  name: string,
  version: string,
  path?: string,
  changes: Partial<Package> = {},
): Package {
  return {
    id: `${type}-${name}-${version}`,
    type,
    name,
    version,
    cpes: [],
    licenses: [],
    upstreams: [],
    foundBy: 'spec',
    locations: path === undefined ? [] : [{ path, evidence: 'primary' }],
    confidence: 'declared',
    metadata: {},
    ...changes,
  };
}

/** A match of one package. */
export function vulnerabilityOf(
  id: string,
  pkg: Package,
  changes: Partial<Omit<VulnerabilityFact, 'vulnerability'>> & { vulnerability?: Partial<VulnerabilityDetail> } = {},
): VulnerabilityFact {
  const { vulnerability, ...rest } = changes;
  return {
    vulnerability: {
      id,
      namespace: 'debian:distro:debian:12',
      provider: 'debian',
      severity: 'High',
      links: [],
      aliases: [],
      cvss: [],
      cwes: [],
      ...vulnerability,
    },
    package: pkg,
    fixVersions: [],
    willNotFix: false,
    ...rest,
  };
}

/** A file record. */
export function fileOf(path: string, mode: number, changes: Partial<FileRecord> = {}): FileRecord {
  return { path, type: 'file', mode, uid: 0, gid: 0, size: 1, layer: 0, ...changes };
}

/** A rule with parameters given as a record. */
export function ruleOf(
  gate: string,
  trigger: string,
  action: PolicyRule['action'],
  params: Record<string, string> = {},
  id = `${gate}-${trigger}`,
): PolicyRule {
  return { id, gate, trigger, action, params: Object.entries(params).map(([name, value]) => ({ name, value })) };
}

/** A policy with one rule set, one catch-all mapping and one allowlist. */
export function policyOf(
  rules: PolicyRule[],
  changes: Partial<PolicyDocument> = {},
  items: AllowlistItem[] = [],
): PolicyDocument {
  return {
    id: 'policy',
    name: 'Policy',
    version: '2',
    rule_sets: [{ id: 'rules', name: 'Rules', version: '2', rules }],
    allowlists: [{ id: 'allow', name: 'Allow', version: '2', items }],
    mappings: [
      {
        id: 'all',
        name: 'All',
        registry: '*',
        repository: '*',
        image: { type: 'tag', value: '*' },
        rule_set_ids: ['rules'],
        allowlist_ids: ['allow'],
      },
    ],
    ...changes,
  };
}
