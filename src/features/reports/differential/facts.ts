/** Facts as they are stored, as far as reports depend on them. Times are ISO 8601 in UTC with milliseconds. */

export interface VulnerabilityFact {
  id: string;
  namespace: string;
  severity: string;
  detail: {
    id: string;
    namespace: string;
    severity: string;
    links: string[];
    aliases: string[];
    cvss: { version: string; vector: string; baseScore: number }[];
    cwes: string[];
    kev?: object;
    epss?: { cve: string; score: number; percentile: number };
  };
}

export interface PackageFact {
  id: number;
  type: string;
  name: string;
  version: string;
  purl: string | null;
  /** Ids that the distribution says do not concern it. */
  matchable: { ruledOut: string[] };
}

export interface MatchFact {
  id: number;
  package_id: number;
  vulnerability: string;
  namespace: string;
  fix_state: string;
  fix_versions: string[];
  evidence: {
    vulnerability: string;
    namespace: string;
    aliases: string[];
    fix: object;
    scheme: string;
    searchedBy: object;
  };
  first_seen_at: string;
  opened_at: string;
  closed_at: string | null;
}

export interface AnalysisFact {
  id: number;
  digest: string;
  image_id: string;
  arch: string | null;
  layer_digests: string[];
}

export interface ContainedFact {
  analysis_id: number;
  package_id: number;
  document_id: string;
  path: string;
  owned_by: string | null;
  left_to_owner: boolean;
}

export interface OverrideFact {
  account: string;
  analysis_id: number;
  document_id: string;
  package_id: number;
}

export interface ImageFact {
  account: string;
  digest: string;
  parent_digest: string | null;
  image_id: string | null;
  image_status: 'active' | 'deleting';
  analysis_status: 'analyzed' | 'analyzing' | 'not_analyzed' | 'analysis_failed';
  annotations: Record<string, string>;
  analysis_id: number | null;
  created_at: string;
  analyzed_at: string | null;
}

export interface TagFact {
  id: number;
  account: string;
  registry: string;
  repository: string;
  tag: string;
  digest: string;
  detected_at: string;
  closed_at: string | null;
}

export type Status = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

export interface AnnotationFact {
  uuid: string;
  account: string;
  digest: string;
  vulnerability_id: string;
  package_name: string | null;
  package_version: string | null;
  package_type: string | null;
  status: Status;
  created_at: string;
}

/** A statement about the whole image, about packages of it, or about a package wherever it is. */
export interface StatementFact {
  id: number;
  account: string;
  document_uuid: string;
  ids: string[];
  status: Status;
  stated_at: string | null;
  /** Digest or full tag of the image; null: the products are the packages. */
  image: string | null;
  purls: string[];
}

export interface DocumentFact {
  uuid: string;
  account: string;
  created_at: string;
}

export interface PolicyFact {
  account: string;
  policy_id: string;
  name: string;
  active: boolean;
}

export interface EvaluationFact {
  id: number;
  account: string;
  digest: string;
  tag: string;
  policy_id: string;
  policy_digest: string;
  status: 'pass' | 'fail';
  final_action_reason: 'policy_evaluation' | 'allowlisted' | 'denylisted';
  /** The policy could not be applied. */
  broken: boolean;
  findings: number;
  by_active_policy: boolean;
  evaluated_at: string;
}

type Labels = Record<string, string>;

export interface ClusterFact {
  id: number;
  account: string;
  inventory_type: 'kubernetes' | 'ecs';
  name: string;
}

export interface ContextFact {
  id: number;
  account: string;
  cluster_id: number;
  source: 'agent' | 'list';
  uid: string;
  name: string;
  context: string;
  labels: Labels;
  annotations: Labels;
  last_seen: string;
}

export interface RunningFact {
  account: string;
  context_id: number;
  image_tag: string;
  image_digest: string;
  full_tag: string | null;
  /** Null while it is in the latest report. */
  last_seen: string | null;
}

export interface NodeFact {
  account: string;
  cluster_id: number;
  uid: string;
  name: string;
  arch: string | null;
  labels: Labels;
  annotations: Labels;
  last_seen: string;
}

export interface PodFact {
  account: string;
  context_id: number;
  uid: string;
  name: string;
  node_uid: string | null;
  labels: Labels;
  annotations: Labels;
  last_seen: string | null;
}

export interface ContainerFact {
  account: string;
  context_id: number;
  owner: string;
  container_id: string;
  name: string;
  image_tag: string;
  image_digest: string;
  last_seen: string | null;
}

export interface TaskFact {
  account: string;
  context_id: number;
  arn: string;
  service_arn: string;
  task_definition_arn: string;
  tags: Labels;
}

export interface ServiceFact {
  account: string;
  context_id: number;
  arn: string;
  tags: Labels;
}

export interface SampleFact {
  account: string;
  collected_at: string;
  readings: Record<string, number>;
}

export interface ScheduleFact {
  uuid: string;
  account: string;
  scope: 'account' | 'global';
  name: string;
  enabled: boolean;
  created_at: string;
}

export interface ExecutionFact {
  uuid: string;
  account: string;
  query_uuid: string;
  scope: 'account' | 'global';
  status: 'queued' | 'running' | 'complete' | 'failed' | 'cancelled';
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface Catalogue {
  accounts: string[];
  vulnerabilities: VulnerabilityFact[];
  /** What the vulnerability data in use tells of records, by id and namespace: it goes before what is stored. */
  presentEpss: Map<string, { cve: string; score: number; percentile: number }>;
  packages: PackageFact[];
  matches: MatchFact[];
  analyses: AnalysisFact[];
  contained: ContainedFact[];
  overrides: OverrideFact[];
  images: ImageFact[];
  tags: TagFact[];
}

export interface Judgements {
  annotations: AnnotationFact[];
  documents: DocumentFact[];
  statements: StatementFact[];
}

export interface Verdicts {
  policies: PolicyFact[];
  evaluations: EvaluationFact[];
}

export interface Inventory {
  clusters: ClusterFact[];
  contexts: ContextFact[];
  running: RunningFact[];
  nodes: NodeFact[];
  pods: PodFact[];
  containers: ContainerFact[];
  tasks: TaskFact[];
  services: ServiceFact[];
}

export interface Collected {
  samples: SampleFact[];
  schedules: ScheduleFact[];
  executions: ExecutionFact[];
}

export type Fleet = Catalogue & Judgements & Verdicts & Inventory & Collected;
