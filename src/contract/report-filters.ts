/** A filter of prepared reports: a variable of their documents, and how a form asks for it. */
export interface ReportFilter {
  /** Type of the variable in GraphQL. */
  type: 'String' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | `[${string}!]` | PlainEnum;
  /** Place in the filter of a report, joined by dots. */
  path: string;
  label: string;
  group: 'Vulnerability' | 'Package' | 'Image' | 'Running in' | 'Evaluation' | 'Metric' | 'Time' | 'History' | 'Scope';
  /** What is allowed or meant. */
  help?: string;
  /** Values of an enumeration, the worst or most usual first. */
  choices?: readonly string[];
  /** Smallest and largest number. */
  least?: number;
  most?: number;
  /** The variable's default; a switch that is on shows less. */
  default?: boolean;
}

type PlainEnum = 'PolicyEvaluationResult' | 'PolicyEvaluationReason' | 'RuntimeInventoryType';

const WILDCARD = 'May contain *';

const DAYS = { least: 1, most: 3_650, help: 'Days' };

/** Every filter of the prepared reports by the name of its variable. */
export const REPORT_FILTERS = {
  id: {
    type: 'String',
    path: 'vulnerability.id',
    label: 'Vulnerability',
    group: 'Vulnerability',
    help: WILDCARD,
  },
  severity: {
    type: '[Severity!]',
    path: 'vulnerability.severities',
    label: 'Severity',
    group: 'Vulnerability',
    choices: ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'],
  },
  isKev: { type: 'Boolean', path: 'vulnerability.isKev', label: 'Known to be exploited', group: 'Vulnerability' },
  epss: {
    type: 'Float',
    path: 'vulnerability.epssScore.gte',
    label: 'EPSS score at least',
    group: 'Vulnerability',
    help: 'From 0 to 1',
    least: 0,
    most: 1,
  },
  fixAvailable: { type: 'Boolean', path: 'vulnerability.fixAvailable', label: 'Fix available', group: 'Vulnerability' },
  willNotFix: { type: 'Boolean', path: 'vulnerability.willNotFix', label: 'Will not be fixed', group: 'Vulnerability' },
  inheritedFromBase: {
    type: 'Boolean',
    path: 'vulnerability.inheritedFromBase',
    label: 'From the base image',
    group: 'Vulnerability',
  },
  annotationStatus: {
    type: '[VulnAnnotationStatus!]',
    path: 'vulnerability.annotationStatus',
    label: 'Judged as',
    group: 'Vulnerability',
    choices: ['not_affected', 'affected', 'fixed', 'under_investigation'],
  },
  missingAnnotation: {
    type: 'Boolean',
    path: 'vulnerability.missingAnnotation',
    label: 'Not judged by anybody',
    group: 'Vulnerability',
  },
  package: { type: 'String', path: 'artifact.name', label: 'Package', group: 'Package', help: WILDCARD },
  packageVersion: { type: 'String', path: 'artifact.version', label: 'Version', group: 'Package', help: WILDCARD },
  packageType: {
    type: 'String',
    path: 'artifact.type',
    label: 'Type of package',
    group: 'Package',
    help: 'Such as deb, rpm, npm, java',
  },
  registry: { type: 'String', path: 'registry.name', label: 'Registry', group: 'Image', help: WILDCARD },
  repository: { type: 'String', path: 'repository.name', label: 'Repository', group: 'Image', help: WILDCARD },
  tag: { type: 'String', path: 'tag.name', label: 'Tag', group: 'Image', help: WILDCARD },
  image: { type: 'String', path: 'image.digest', label: 'Image digest', group: 'Image', help: WILDCARD },
  inventoryType: {
    type: 'RuntimeInventoryType',
    path: 'runtimeInventory.type',
    label: 'Kind of cluster',
    group: 'Running in',
    choices: ['kubernetes', 'ecs'],
  },
  context: {
    type: 'String',
    path: 'runtimeInventory.context',
    label: 'Context',
    group: 'Running in',
    help: 'Cluster/namespace or ARN; may contain *',
  },
  lastSeenInDays: {
    type: 'Int',
    path: 'runtimeInventory.lastSeenInDays',
    label: 'Seen in the last days',
    group: 'Running in',
    ...DAYS,
  },
  cluster: { type: 'String', path: 'cluster.name', label: 'Cluster', group: 'Running in', help: WILDCARD },
  namespace: { type: 'String', path: 'namespace.name', label: 'Namespace', group: 'Running in', help: WILDCARD },
  node: { type: 'String', path: 'node.name', label: 'Node', group: 'Running in', help: WILDCARD },
  pod: { type: 'String', path: 'pod.name', label: 'Pod', group: 'Running in', help: WILDCARD },
  container: { type: 'String', path: 'container.name', label: 'Container', group: 'Running in', help: WILDCARD },
  clusterArn: { type: 'String', path: 'clusterArn', label: 'Cluster', group: 'Running in', help: 'ARN; may contain *' },
  serviceArn: { type: 'String', path: 'serviceArn', label: 'Service', group: 'Running in', help: 'ARN; may contain *' },
  taskArn: { type: 'String', path: 'taskArn', label: 'Task', group: 'Running in', help: 'ARN; may contain *' },
  result: {
    type: 'PolicyEvaluationResult',
    path: 'policyEvaluation.result',
    label: 'Result',
    group: 'Evaluation',
    choices: ['Fail', 'Pass'],
  },
  reason: {
    type: 'PolicyEvaluationReason',
    path: 'policyEvaluation.reason',
    label: 'Reason',
    group: 'Evaluation',
    choices: ['policy_evaluation', 'denylisted', 'allowlisted', 'error'],
  },
  policy: { type: 'String', path: 'policyBundle.id', label: 'Policy id', group: 'Evaluation', help: WILDCARD },
  metric: { type: 'String', path: 'metricId', label: 'Metric', group: 'Metric', help: WILDCARD },
  last: { type: 'Int', path: 'last', label: 'Collected in the last days', group: 'Time', ...DAYS },
  detectedInLast: {
    type: 'Int',
    path: 'vulnerability.detectedInLast',
    label: 'Found in the last days',
    group: 'Time',
    ...DAYS,
  },
  detectedAfter: { type: 'DateTime', path: 'vulnerability.after', label: 'Found from', group: 'Time', help: 'UTC' },
  detectedBefore: { type: 'DateTime', path: 'vulnerability.before', label: 'Found before', group: 'Time', help: 'UTC' },
  evaluatedInLast: {
    type: 'Int',
    path: 'policyEvaluation.evaluatedInLast',
    label: 'Evaluated in the last days',
    group: 'Time',
    ...DAYS,
  },
  evaluatedAfter: {
    type: 'DateTime',
    path: 'policyEvaluation.after',
    label: 'Evaluated from',
    group: 'Time',
    help: 'UTC',
  },
  evaluatedBefore: {
    type: 'DateTime',
    path: 'policyEvaluation.before',
    label: 'Evaluated before',
    group: 'Time',
    help: 'UTC',
  },
  currentOnly: {
    type: 'Boolean',
    path: 'tag.currentOnly',
    label: 'Only what tags point to now',
    group: 'History',
    default: true,
  },
  openOnly: {
    type: 'Boolean',
    path: 'vulnerability.currentOnly',
    label: 'Only vulnerabilities that are still there',
    group: 'History',
    default: true,
  },
  latestOnly: {
    type: 'Boolean',
    path: 'policyEvaluation.latestOnly',
    label: 'Only the newest evaluation',
    group: 'History',
    default: true,
  },
  activeOnly: {
    type: 'Boolean',
    path: 'policyBundle.active',
    label: 'Only active policies',
    group: 'History',
    default: true,
  },
  // only in documents over all accounts
  account: { type: 'String', path: 'account.name', label: 'Account', group: 'Scope', help: WILDCARD },
} as const satisfies Record<string, ReportFilter>;

/** Name of the variable of a filter. */
export type ReportFilterName = keyof typeof REPORT_FILTERS;

/** A filter by the name of its variable, in the general type. */
export const reportFilter = (name: ReportFilterName): ReportFilter => REPORT_FILTERS[name];
