import { type ReportParts, reportDocument } from './report-document.ts';
import type { ReportFilterName } from './report-filters.ts';

/** A column of a report's table: response names from the row down, joined by dots. */
export interface PreparedColumn {
  path: string;
  heading: string;
  /** Left out of the table until it is asked for. */
  extra?: true;
}

/** A query of reports that is known by a name. All its variables are optional. */
export interface PreparedReport extends Pick<ReportParts, 'report' | 'fixed'> {
  /** Words joined by `-`. */
  name: string;
  title: string;
  description: string;
  group: 'Vulnerabilities' | 'Policies' | 'Running' | 'Metrics';
  /** What the list counts, as one and as many. */
  unit: readonly [one: string, many: string];
  filters: readonly ReportFilterName[];
  /** Values of switches where nothing is said, where they are not the usual ones. */
  defaults: Readonly<Partial<Record<ReportFilterName, boolean>>>;
  columns: readonly PreparedColumn[];
  /** Programs get all columns, not only those that the table begins with. */
  whole?: true;
  /** Document that programs ask. */
  query: string;
}

/** Column and filter of reports over all accounts. */
const ACCOUNT_COLUMN: PreparedColumn = { path: 'accountName', heading: 'Account' };

/** What a prepared report is over an account, or over all accounts: there it has the account as column and filter. */
export function scopedReport(report: PreparedReport, global: boolean): PreparedReport {
  if (!global) return report;
  // values of metrics have an account but cannot be filtered by it
  const filters = report.report === 'metricData' ? report.filters : (['account', ...report.filters] as const);
  const scoped = { ...report, filters, columns: [ACCOUNT_COLUMN, ...report.columns] };
  return { ...scoped, query: programDocument(scoped) };
}

/** The document of a report with some of its columns. */
export function documentOf(report: Omit<PreparedReport, 'query'>, columns: readonly PreparedColumn[]): string {
  return reportDocument({ ...report, paths: columns.map(({ path }) => path) });
}

function programDocument(report: Omit<PreparedReport, 'query'>): string {
  return documentOf(report, report.whole ? report.columns : report.columns.filter(({ extra }) => !extra));
}

const VULNERABILITY = [
  'id',
  'severity',
  'isKev',
  'epss',
  'fixAvailable',
  'willNotFix',
  'inheritedFromBase',
  'annotationStatus',
  'missingAnnotation',
] as const;
const PACKAGE = ['package', 'packageVersion', 'packageType'] as const;
const TAGS = ['registry', 'repository', 'tag', 'image'] as const;
const FOUND = ['detectedInLast', 'detectedAfter', 'detectedBefore'] as const;
const MATCHES = [...VULNERABILITY, ...PACKAGE, ...TAGS, ...FOUND, 'currentOnly', 'openOnly'] as const;
const EVALUATION = [
  'result',
  'reason',
  'policy',
  ...TAGS,
  'evaluatedInLast',
  'evaluatedAfter',
  'evaluatedBefore',
  'currentOnly',
  'latestOnly',
  'activeOnly',
] as const;
const RUNNING = ['inventoryType', 'context', 'lastSeenInDays'] as const;

/** Columns by their paths; `?` before a path leaves it out of the table at first. */
function columns(names: Readonly<Record<string, string>>): PreparedColumn[] {
  return Object.entries(names).map(([path, heading]) =>
    path.startsWith('?') ? { path: path.slice(1), heading, extra: true } : { path, heading },
  );
}

const TAG_COLUMNS = { 'tags.registryName': 'Registry', 'tags.repositoryName': 'Repository', 'tags.tagName': 'Tag' };
const PACKAGE_COLUMNS = { artifactName: 'Package', artifactVersion: 'Version', '?artifactType': 'Type' };
const RISK_COLUMNS = { fixedIn: 'Fixed in', isKev: 'Known exploited', '?epssScore': 'EPSS', '?cvssScore': 'CVSS' };
const MORE_COLUMNS = {
  '?artifactPath': 'Path',
  '?purl': 'Package URL',
  '?feedNamespace': 'Source',
  '?willNotFix': 'Will not be fixed',
  '?inheritedFromBase': 'Inherited',
  '?epssPercentile': 'EPSS percentile',
  '?annotationStatus': 'Judged as',
  '?closedAt': 'Gone since',
  '?tags.current': 'Tag is current',
  '?tags.detectedAt': 'Tag found',
};

/** Columns below a list of rows. */
function below(list: string, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([path, heading]) =>
      path.startsWith('?') ? [`?${list}.${path.slice(1)}`, heading] : [`${list}.${path}`, heading],
    ),
  );
}

const FOUND_PACKAGES = {
  artifactName: 'Package',
  artifactVersion: 'Version',
  '?artifactType': 'Type',
  severity: 'Severity',
  fixedIn: 'Fixed in',
  '?isKev': 'Known exploited',
  '?epssScore': 'EPSS',
  '?cvssScore': 'CVSS',
};
const EVALUATIONS = {
  result: 'Result',
  reason: 'Reason',
  lastEvaluatedAt: 'Evaluated',
  '?latest': 'Newest',
  'policyBundle.name': 'Policy',
  '?policyBundle.bundleId': 'Policy id',
  '?policyBundle.bundleDigest': 'Policy digest',
  '?policyBundle.active': 'Policy is active',
};
const EVALUATED_TAGS = columns({
  registryName: 'Registry',
  'repositories.repositoryName': 'Repository',
  'repositories.tags.tagName': 'Tag',
  'repositories.tags.imageDigest': 'Image',
  '?repositories.tags.detectedAt': 'Tag found',
  '?repositories.tags.current': 'Tag is current',
  ...below('repositories.tags.evaluations', EVALUATIONS),
});
const PLACES = { 'inventory.context': 'Context', '?inventory.inventoryType': 'Kind of cluster' };

const MATCH_COLUMNS = columns({
  vulnerabilityId: 'Vulnerability',
  severity: 'Severity',
  ...PACKAGE_COLUMNS,
  ...RISK_COLUMNS,
  ...TAG_COLUMNS,
  detectedAt: 'Found',
  '?digest': 'Image',
  ...MORE_COLUMNS,
});
const IMAGE_COLUMNS = columns({
  vulnerabilityId: 'Vulnerability',
  severity: 'Severity',
  digest: 'Image',
  ...TAG_COLUMNS,
  ...PACKAGE_COLUMNS,
  ...RISK_COLUMNS,
  '?detectedAt': 'Found',
  ...MORE_COLUMNS,
});

type Definition = Omit<PreparedReport, 'query' | 'defaults'> & Partial<Pick<PreparedReport, 'defaults'>>;

function prepared(definition: Definition): PreparedReport {
  const report = { defaults: {}, ...definition };
  return { ...report, query: programDocument(report) };
}

/** A report on matches: one row for each vulnerability of each package of each image. */
const matches = (
  definition: Pick<PreparedReport, 'name' | 'title' | 'description' | 'columns' | 'fixed' | 'whole'>,
  without?: ReportFilterName,
) =>
  prepared({
    report: 'vulnerabilityMatches',
    group: 'Vulnerabilities',
    unit: ['match', 'matches'],
    filters: MATCHES.filter((name) => name !== without),
    ...definition,
  });

/** Queries that the command line, the page of reports and schedules offer. */
export const PREPARED_REPORTS: readonly PreparedReport[] = [
  matches({
    name: 'vulnerability-matches',
    title: 'All matches, one a row',
    description: 'One row for each vulnerability of each package of each image, with all that is known',
    whole: true,
    columns: MATCH_COLUMNS,
  }),
  matches({
    name: 'vulnerabilities-by-image',
    title: 'Images affected by vulnerability',
    description: 'Vulnerabilities with the images that have them, their tags and packages',
    columns: IMAGE_COLUMNS,
  }),
  matches({
    name: 'vulnerabilities-by-tag',
    title: 'Tags by vulnerability',
    description: 'Registries, repositories and tags with the vulnerabilities of what they point to',
    columns: columns({
      ...TAG_COLUMNS,
      vulnerabilityId: 'Vulnerability',
      severity: 'Severity',
      ...PACKAGE_COLUMNS,
      ...RISK_COLUMNS,
      '?digest': 'Image',
      '?detectedAt': 'Found',
      ...MORE_COLUMNS,
    }),
  }),
  prepared({
    name: 'vulnerabilities-by-artifact',
    title: 'Packages by vulnerability',
    description: 'Vulnerabilities with the packages that have them, each once however many images hold it',
    group: 'Vulnerabilities',
    unit: ['vulnerability', 'vulnerabilities'],
    report: 'artifactsByVulnerability',
    filters: MATCHES,
    columns: columns({
      vulnerabilityId: 'Vulnerability',
      ...below('artifacts', {
        ...FOUND_PACKAGES,
        imagesCount: 'Images',
        '?detectedAt': 'First found',
        '?willNotFix': 'Will not be fixed',
        '?purl': 'Package URL',
        '?feedNamespace': 'Source',
        '?epssPercentile': 'EPSS percentile',
      }),
    }),
  }),
  matches(
    {
      name: 'critical-images',
      title: 'Images with critical vulnerabilities',
      description: 'Images that have a critical vulnerability, with their tags and packages',
      fixed: { 'vulnerability.severities': '[Critical]' },
      columns: IMAGE_COLUMNS,
    },
    'severity',
  ),
  matches(
    {
      name: 'known-exploited',
      title: 'Known exploited vulnerabilities',
      description: 'Vulnerabilities that are known to be exploited, with the images that have them',
      fixed: { 'vulnerability.isKev': 'true' },
      columns: IMAGE_COLUMNS.filter(({ path }) => path !== 'isKev'),
    },
    'isKev',
  ),
  prepared({
    name: 'failing-policies',
    title: 'Images failing policy evaluation',
    description: 'Current tags that fail the active policy',
    group: 'Policies',
    unit: ['repository', 'repositories'],
    report: 'policyEvaluationsByTag',
    fixed: { 'policyEvaluation.result': 'Fail' },
    filters: EVALUATION.filter((name) => name !== 'result'),
    columns: EVALUATED_TAGS,
  }),
  prepared({
    name: 'policy-history',
    title: 'Policy compliance history by tag',
    description: 'All evaluations of all images that tags ever pointed to, by every policy',
    group: 'Policies',
    unit: ['repository', 'repositories'],
    report: 'policyEvaluationsByTag',
    defaults: { currentOnly: false, latestOnly: false, activeOnly: false },
    filters: EVALUATION,
    columns: EVALUATED_TAGS,
  }),
  prepared({
    name: 'runtime-vulnerabilities',
    title: 'Running images by vulnerability',
    description: 'Vulnerabilities of images that agents see running',
    group: 'Running',
    unit: ['vulnerability', 'vulnerabilities'],
    report: 'runtimeInventoryImagesByVulnerability',
    filters: [...VULNERABILITY, ...PACKAGE, ...RUNNING, ...FOUND, 'openOnly'],
    columns: columns({
      vulnerabilityId: 'Vulnerability',
      ...below('images', {
        digest: 'Image',
        ...below('artifacts', FOUND_PACKAGES),
        ...PLACES,
        'inventory.imageTag': 'Runs as',
        '?inventory.lastSeen': 'Last seen',
      }),
    }),
  }),
  prepared({
    name: 'runtime-unscanned',
    title: 'Running images without analysis',
    description: 'What runs and was not analysed',
    group: 'Running',
    unit: ['image', 'images'],
    report: 'runtimeInventoryUnscannedImages',
    filters: RUNNING,
    columns: columns({
      imageTag: 'Runs as',
      imageDigest: 'Image',
      analysisStatus: 'State',
      ...PLACES,
      'inventory.lastSeen': 'Last seen',
    }),
  }),
  prepared({
    name: 'runtime-compliance',
    title: 'Policy evaluations of running images',
    description: 'Verdicts of the active policy on what runs',
    group: 'Running',
    unit: ['image', 'images'],
    report: 'policyEvaluationsByRuntimeInventoryImage',
    filters: ['result', 'reason', 'policy', ...RUNNING, 'evaluatedInLast', 'latestOnly', 'activeOnly'],
    columns: columns({
      imageTag: 'Runs as',
      imageDigest: 'Image',
      ...below('evaluations', EVALUATIONS),
      ...PLACES,
    }),
  }),
  prepared({
    name: 'kubernetes-namespaces',
    title: 'Vulnerabilities by Kubernetes namespace',
    description: 'Vulnerabilities of the images of each namespace',
    group: 'Running',
    unit: ['image in a namespace', 'images in namespaces'],
    report: 'kubernetesRuntimeVulnerabilitiesByNamespace',
    filters: ['cluster', 'namespace', ...VULNERABILITY, ...PACKAGE, 'image'],
    columns: columns({
      clusterName: 'Cluster',
      'namespace.name': 'Namespace',
      imageTag: 'Runs as',
      '?imageDigest': 'Image',
      'vulnerabilities.vulnerabilityId': 'Vulnerability',
      ...below('vulnerabilities.artifacts', FOUND_PACKAGES),
    }),
  }),
  prepared({
    name: 'kubernetes-containers',
    title: 'Vulnerabilities by Kubernetes container',
    description: 'Vulnerabilities of each container, with its pod and node',
    group: 'Running',
    unit: ['container', 'containers'],
    report: 'vulnerabilitiesByKubernetesContainer',
    filters: ['cluster', 'namespace', 'node', 'pod', 'container', ...VULNERABILITY, ...PACKAGE, 'image'],
    columns: columns({
      clusterName: 'Cluster',
      'namespace.name': 'Namespace',
      'pod.name': 'Pod',
      containerName: 'Container',
      '?node.name': 'Node',
      '?containerId': 'Container id',
      imageTag: 'Runs as',
      '?imageDigest': 'Image',
      'vulnerabilities.vulnerabilityId': 'Vulnerability',
      ...below('vulnerabilities.artifacts', FOUND_PACKAGES),
    }),
  }),
  prepared({
    name: 'ecs-containers',
    title: 'Vulnerabilities by ECS container',
    description: 'Vulnerabilities of the images of each container',
    group: 'Running',
    unit: ['container', 'containers'],
    report: 'vulnerabilitiesByEcsContainer',
    filters: ['clusterArn', 'serviceArn', 'taskArn', ...VULNERABILITY, ...PACKAGE, 'image'],
    columns: columns({
      clusterArn: 'Cluster',
      '?serviceArn': 'Service',
      taskArn: 'Task',
      '?taskDefinitionArn': 'Task definition',
      containerArn: 'Container',
      imageTag: 'Runs as',
      '?imageDigest': 'Image',
      'vulnerabilities.vulnerabilityId': 'Vulnerability',
      ...below('vulnerabilities.artifacts', FOUND_PACKAGES),
    }),
  }),
  prepared({
    name: 'metrics',
    title: 'Values of metrics',
    description: 'Hourly values of metrics, the newest first',
    group: 'Metrics',
    unit: ['value', 'values'],
    report: 'metricData',
    filters: ['metric', 'last'],
    columns: columns({ metricId: 'Metric', value: 'Value', collectedAt: 'Collected' }),
  }),
];
