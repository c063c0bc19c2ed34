import { METRIC_IDS, metricData, scheduledQueries, scheduledQueryExecutions } from './collected-oracle.ts';
import type { Asked } from './filter-oracle.ts';
import { flatRepositories, policyEvaluationsByTag } from './policy-oracle.ts';
import * as runtime from './runtime-oracle.ts';
import type { Row } from './vulnerability-oracle.ts';
import * as vulnerability from './vulnerability-oracle.ts';

/** Which members a filter may have. */
export type FilterKind =
  | 'vulnerabilities'
  | 'evaluations'
  | 'running vulnerabilities'
  | 'running'
  | 'running evaluations'
  | 'kubernetes'
  | 'ecs'
  | 'metric data'
  | 'schedules'
  | 'executions'
  | 'none';

/** A list of the schema, what is asked of it, and what it must answer. */
export interface List {
  name: string;
  /** All that can be asked for. */
  selection: string;
  filter: FilterKind;
  orders: readonly string[];
  expected(asked: Asked, orderBy?: string): Row[];
  /** Rows as pages count them. */
  rows?(results: Row[]): Row[];
}

const ARTIFACT = `artifactName artifactVersion artifactType severity artifactPath purl feedNamespace detectedAt closedAt
  fixAvailable fixedIn willNotFix inheritedFromBase isKev epssScore epssPercentile cvssScore annotationStatus`;
const TAG = 'registryName repositoryName tagName detectedAt current';
const IMAGE = `digest imageId tags { ${TAG} } artifacts { ${ARTIFACT} }`;
const EVALUATION = 'result reason lastEvaluatedAt latest policyBundle { bundleId bundleDigest name active }';
const INVENTORY = 'inventory { inventoryType context imageTag lastSeen }';
const OBJECT = '{ uid name labels { key value } annotations { key value } lastSeen }';
const VULNERABILITIES = `vulnerabilities { vulnerabilityId links artifacts { ${ARTIFACT} } }`;
const EXECUTION = 'uuid queryUuid status startedAt finishedAt rowCount pageCount errorMessage';

const BY_ID = ['ID_DESC', 'ID_ASC', 'SEVERITY_DESC'];
const BY_NAME = ['NAME_ASC', 'NAME_DESC'];

const ofVulnerabilities = (name: string, inner: string, expected: List['expected']): List => ({
  ...{ name, filter: 'vulnerabilities', orders: BY_ID, expected },
  selection: `vulnerabilityId links accountName ${inner}`,
});
const byArtifact = (name: string): List =>
  ofVulnerabilities(
    name,
    `artifactsCount artifacts { ${ARTIFACT} imagesCount images { ${IMAGE} } }`,
    vulnerability.artifactsByVulnerability,
  );
const unscanned = (name: string): List => ({
  ...{ name, filter: 'running', orders: BY_NAME, expected: runtime.runtimeInventoryUnscannedImages },
  selection: `imageTag imageDigest analysisStatus accountName ${INVENTORY}`,
});
const byNamespace = (name: string): List => ({
  ...{ name, filter: 'kubernetes', orders: BY_NAME, expected: runtime.kubernetesRuntimeVulnerabilitiesByNamespace },
  selection: `clusterName namespace ${OBJECT} imageTag imageDigest accountName ${VULNERABILITIES}`,
});

/** Every list that the schema has. */
export const LISTS: readonly List[] = [
  ofVulnerabilities('imagesByVulnerability', `imagesCount images { ${IMAGE} }`, vulnerability.imagesByVulnerability),
  byArtifact('artifactsByVulnerability'),
  byArtifact('artifactsByVulnerabilities'),
  ofVulnerabilities(
    'tagsByVulnerability',
    `registries { registryName repositories { repositoryName tagsCount tags { tagName imageDigest detectedAt current artifacts { ${ARTIFACT} } } } }`,
    vulnerability.tagsByVulnerability,
  ),
  {
    ...{ name: 'vulnerabilityMatches', filter: 'vulnerabilities', expected: vulnerability.vulnerabilityMatches },
    orders: ['VULNERABILITY_ID_DESC', 'VULNERABILITY_ID_ASC'],
    selection: `vulnerabilityId links accountName digest imageId tags { ${TAG} } ${ARTIFACT}`,
  },
  {
    ...{
      name: 'policyEvaluationsByTag',
      filter: 'evaluations',
      orders: BY_NAME,
      expected: policyEvaluationsByTag,
      rows: flatRepositories,
    },
    selection: `registryName accountName repositories { repositoryName tagsCount tags { tagName imageDigest detectedAt current evaluations { ${EVALUATION} } } }`,
  },
  {
    ...{ name: 'metrics', filter: 'none', orders: [], selection: 'id metricType' },
    expected: () => METRIC_IDS.map((id) => ({ id, metricType: 'counter' })),
  },
  {
    ...{ name: 'metricData', filter: 'metric data', orders: [], expected: metricData },
    selection: 'metricId value valueInt collectedAt accountName',
  },
  {
    ...{ name: 'runtimeInventoryImagesByVulnerability', filter: 'running vulnerabilities', orders: BY_ID },
    selection: `vulnerabilityId links accountName imagesCount images { digest tags { ${TAG} } artifacts { ${ARTIFACT} } ${INVENTORY} }`,
    expected: runtime.runtimeInventoryImagesByVulnerability,
  },
  unscanned('runtimeInventoryUnscannedImages'),
  unscanned('unscannedRuntimeInventoryImages'),
  {
    ...{ name: 'policyEvaluationsByRuntimeInventoryImage', filter: 'running evaluations', orders: BY_NAME },
    selection: `imageTag imageDigest accountName ${INVENTORY} evaluations { ${EVALUATION} }`,
    expected: runtime.policyEvaluationsByRuntimeInventoryImage,
  },
  byNamespace('kubernetesRuntimeVulnerabilitiesByNamespace'),
  byNamespace('vulnerabilitiesByKubernetesNamespace'),
  {
    ...{ name: 'vulnerabilitiesByKubernetesContainer', filter: 'kubernetes', orders: BY_NAME },
    selection: `clusterName namespace ${OBJECT} node ${OBJECT} pod ${OBJECT} containerId containerName imageTag imageDigest accountName ${VULNERABILITIES}`,
    expected: runtime.vulnerabilitiesByKubernetesContainer,
  },
  {
    ...{
      name: 'vulnerabilitiesByEcsContainer',
      filter: 'ecs',
      orders: BY_NAME,
      expected: runtime.vulnerabilitiesByEcsContainer,
    },
    selection: `clusterArn serviceArn taskArn taskDefinitionArn containerArn imageTag imageDigest taskTags { key value } serviceTags { key value } accountName ${VULNERABILITIES}`,
  },
  {
    ...{ name: 'scheduledQueries', filter: 'schedules', orders: [], expected: scheduledQueries },
    selection: `uuid name enabled createdAt executions { results { ${EXECUTION} } }`,
  },
  {
    ...{ name: 'scheduledQueryExecutions', filter: 'executions', orders: [], expected: scheduledQueryExecutions },
    selection: EXECUTION,
  },
];

/** What tells the rows of a list apart. */
export function identityOf({ name, selection }: List): string {
  if (name === 'policyEvaluationsByTag') return 'registryName accountName repositories { repositoryName }';
  let plain = selection;
  while (plain.includes('{')) plain = plain.replace(/\w+ \{[^{}]*\}/g, '');
  return plain.replace(
    /\b(links|imagesCount|artifactsCount|inheritedFromBase|isKev|epss\w+|cvssScore|annotationStatus)\b/g,
    '',
  );
}

/** Rows as far as `identityOf` asks for them. */
export function identities(list: List, rows: readonly Row[]): Row[] {
  const names = identityOf(list)
    .split(/\W+/)
    .filter((name) => name !== '' && name !== 'repositoryName');
  return rows.map((row) =>
    Object.fromEntries(names.map((name) => [name, name === 'repositories' ? repositoriesOf(row) : row[name]])),
  );
}

const repositoriesOf = ({ repositories }: Row) =>
  (repositories as Row[]).map(({ repositoryName }) => ({ repositoryName }));
