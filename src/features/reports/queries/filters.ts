/** Filters as the schema defines them; times are ISO 8601 with `Z`. A member that is absent or null does not filter. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | null };

export type Severity = 'Critical' | 'High' | 'Medium' | 'Low' | 'Negligible' | 'Unknown';
export type AnnotationStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
export type RangeFilter = Optional<{ gte: number; gt: number; lte: number; lt: number }>;

export type VulnerabilityFilter = Optional<{
  id: string;
  severity: Severity;
  severities: readonly Severity[];
  after: string;
  before: string;
  detectedInLast: number;
  isKev: boolean;
  epssScore: RangeFilter;
  epssPercentile: RangeFilter;
  willNotFix: boolean;
  fixAvailable: boolean;
  inheritedFromBase: boolean;
  annotationStatus: readonly AnnotationStatus[];
  missingAnnotation: boolean;
  currentOnly: boolean;
}>;
export type ArtifactFilter = Optional<{ name: string; version: string; type: string }>;
export type NameFilter = Optional<{ name: string }>;
export type TagFilter = Optional<{ name: string; currentOnly: boolean; after: string; before: string }>;
export type ImageFilter = Optional<{ digest: string }>;
export type LabelFilter = Optional<{ key: string; value: string }>;
export type LabelledFilter = Optional<{ name: string; label: LabelFilter; annotation: LabelFilter }>;

/** Which images, and by which tags. */
export type ImageSelection = Optional<{
  registry: NameFilter;
  repository: NameFilter;
  tag: TagFilter;
  image: ImageFilter;
  account: NameFilter;
}>;

export type RuntimeInventoryFilter = Optional<{ type: 'kubernetes' | 'ecs'; context: string; lastSeenInDays: number }>;

/** Which matches of which packages of which images. */
export type FindingFilter = ImageSelection &
  Optional<{
    vulnerability: VulnerabilityFilter;
    artifact: ArtifactFilter;
    runtimeInventory: RuntimeInventoryFilter;
  }>;

export type EvaluationFilter = Optional<{
  result: 'Pass' | 'Fail';
  reason: 'policy_evaluation' | 'whitelisted' | 'blacklisted' | 'error' | 'allowlisted' | 'denylisted';
  latestOnly: boolean;
  after: string;
  before: string;
  evaluatedInLast: number;
}>;
export type PolicyFilter = Optional<{ active: boolean; id: string; digest: string }>;
export type PolicyEvaluationsFilter = ImageSelection &
  Optional<{
    policyEvaluation: EvaluationFilter;
    policyBundle: PolicyFilter;
    runtimeInventory: RuntimeInventoryFilter;
  }>;

export type KubernetesFilter = Optional<{
  vulnerability: VulnerabilityFilter;
  artifact: ArtifactFilter;
  image: ImageFilter;
  cluster: NameFilter;
  namespace: LabelledFilter;
  node: LabelledFilter;
  pod: LabelledFilter;
  container: Optional<{ id: string; name: string }>;
  account: NameFilter;
}>;
export type EcsFilter = Optional<{
  vulnerability: VulnerabilityFilter;
  artifact: ArtifactFilter;
  image: ImageFilter;
  clusterArn: string;
  serviceArn: string;
  taskArn: string;
  containerArn: string;
  account: NameFilter;
}>;
