// Written by scripts/generate-schema.ts from the migrations. Do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Tables of the database by name. */
export interface Schema {
  account: AccountTable;
  account_revision: AccountRevisionTable;
  action_plan: ActionPlanTable;
  analysis: AnalysisTable;
  analysis_package: AnalysisPackageTable;
  analysis_package_override: AnalysisPackageOverrideTable;
  api_key: ApiKeyTable;
  app_user: AppUserTable;
  application: ApplicationTable;
  application_artifact: ApplicationArtifactTable;
  application_version: ApplicationVersionTable;
  archive_rule: ArchiveRuleTable;
  archived_image: ArchivedImageTable;
  artifact_lifecycle_policy: ArtifactLifecyclePolicyTable;
  artifact_lifecycle_policy_version: ArtifactLifecyclePolicyVersionTable;
  artifact_relationship: ArtifactRelationshipTable;
  audit_entry: AuditEntryTable;
  compliance_alert: ComplianceAlertTable;
  compliance_check: ComplianceCheckTable;
  compliance_file: ComplianceFileTable;
  compliance_rule: ComplianceRuleTable;
  compliance_rule_result: ComplianceRuleResultTable;
  configuration: ConfigurationTable;
  correction: CorrectionTable;
  correction_state: CorrectionStateTable;
  deployment: DeploymentTable;
  evaluation: EvaluationTable;
  event: EventTable;
  feed_build: FeedBuildTable;
  feed_provider_alarm: FeedProviderAlarmTable;
  feed_source: FeedSourceTable;
  feed_switch: FeedSwitchTable;
  identity_message: IdentityMessageTable;
  identity_provider: IdentityProviderTable;
  identity_provider_group: IdentityProviderGroupTable;
  image: ImageTable;
  image_package: ImagePackageTable;
  import_content: ImportContentTable;
  import_operation: ImportOperationTable;
  integration: IntegrationTable;
  integration_association: IntegrationAssociationTable;
  integration_health_report: IntegrationHealthReportTable;
  inventory_cluster: InventoryClusterTable;
  inventory_container: InventoryContainerTable;
  inventory_context: InventoryContextTable;
  inventory_ecs_service: InventoryEcsServiceTable;
  inventory_ecs_task: InventoryEcsTaskTable;
  inventory_image: InventoryImageTable;
  inventory_node: InventoryNodeTable;
  inventory_pod: InventoryPodTable;
  inventory_watch_failure: InventoryWatchFailureTable;
  job_progress: JobProgressTable;
  login_failure: LoginFailureTable;
  login_home: LoginHomeTable;
  malware_verdict: MalwareVerdictTable;
  match_run: MatchRunTable;
  match_run_image: MatchRunImageTable;
  metric_sample: MetricSampleTable;
  notification_configuration: NotificationConfigurationTable;
  notification_delivery: NotificationDeliveryTable;
  notification_endpoint: NotificationEndpointTable;
  notification_selector: NotificationSelectorTable;
  package: PackageTable;
  package_match: PackageMatchTable;
  package_result: PackageResultTable;
  policy: PolicyTable;
  policy_document: PolicyDocumentTable;
  private_advisory: PrivateAdvisoryTable;
  refresh_token: RefreshTokenTable;
  registry: RegistryTable;
  registry_hook: RegistryHookTable;
  reported_cluster: ReportedClusterTable;
  reported_package: ReportedPackageTable;
  role_member: RoleMemberTable;
  scheduled_query: ScheduledQueryTable;
  scheduled_query_execution: ScheduledQueryExecutionTable;
  schema_migration: SchemaMigrationTable;
  service: ServiceTable;
  source: SourceTable;
  source_evaluation: SourceEvaluationTable;
  source_metadata: SourceMetadataTable;
  source_package: SourcePackageTable;
  statistic: StatisticTable;
  stig_evaluation: StigEvaluationTable;
  subscription: SubscriptionTable;
  suppressed_match: SuppressedMatchTable;
  system_secret: SystemSecretTable;
  tag_mapping: TagMappingTable;
  user_group: UserGroupTable;
  user_group_member: UserGroupMemberTable;
  user_group_role: UserGroupRoleTable;
  vex_document: VexDocumentTable;
  vex_statement: VexStatementTable;
  vulnerability: VulnerabilityTable;
  vulnerability_annotation: VulnerabilityAnnotationTable;
  vulnerability_change: VulnerabilityChangeTable;
  watch: WatchTable;
  watch_registry: WatchRegistryTable;
  web_session: WebSessionTable;
}

export interface AccountTable {
  name: string;
  type: string;
  state: Generated<string>;
  email: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface AccountRevisionTable {
  account: string;
  revision: ColumnType<number, number | bigint | undefined, number | bigint>;
}

export interface ActionPlanTable {
  uuid: string;
  account: string;
  plan: ColumnType<unknown, string, string>;
  image_tag: string | null;
  image_digest: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface AnalysisTable {
  id: ColumnType<number, never, never>;
  digest: string;
  analyzer_version: string;
  document_key: string;
  files_key: string | null;
  distro_id: string | null;
  distro_version: string | null;
  distro_like: Generated<string[]>;
  arch: string | null;
  image_size: ColumnType<number, number | bigint | undefined, number | bigint>;
  layer_count: Generated<number>;
  layer_digests: Generated<string[]>;
  image_id: string;
  dockerfile_mode: string | null;
  package_counts: ColumnType<unknown, string | undefined, string>;
  problems: ColumnType<unknown, string | undefined, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  account: string | null;
}

export interface AnalysisPackageTable {
  analysis_id: ColumnType<number, number | bigint, number | bigint>;
  package_id: ColumnType<number, number | bigint, number | bigint>;
  document_id: string;
  path: string;
  layer: string | null;
  owned_by: string | null;
  left_to_owner: Generated<boolean>;
}

export interface AnalysisPackageOverrideTable {
  account: string;
  analysis_id: ColumnType<number, number | bigint, number | bigint>;
  document_id: string;
  package_id: ColumnType<number, number | bigint, number | bigint>;
  corrections: Generated<string[]>;
}

export interface ApiKeyTable {
  id: string;
  username: string;
  name: string;
  description: string | null;
  secret_hash: string;
  status: Generated<string>;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  deleted_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface AppUserTable {
  username: string;
  uuid: string;
  account: string;
  type: Generated<string>;
  source: string | null;
  description: string | null;
  password_hash: string | null;
  password_last_updated: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  idp_name: string | null;
  credentials_changed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  external_subject: string | null;
}

export interface ApplicationTable {
  uuid: string;
  account: string;
  name: string;
  description: Generated<string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ApplicationArtifactTable {
  uuid: string;
  account: string;
  version: string;
  artifact_type: string;
  artifact_id: string;
  source_name: ColumnType<unknown, string | null | undefined, string | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ApplicationVersionTable {
  uuid: string;
  account: string;
  application: string;
  version_name: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ArchiveRuleTable {
  rule_id: string;
  account: string;
  registry: string;
  repository: string;
  tag: string;
  tag_versions_newer: number;
  analysis_age_days: number;
  transition: string;
  system_global: Generated<boolean>;
  exclude: ColumnType<unknown, string | null | undefined, string | null>;
  max_images_per_account: number | null;
  last_error: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ArchivedImageTable {
  account: string;
  digest: string;
  parent_digest: string | null;
  status: string;
  annotations: ColumnType<unknown, string | undefined, string>;
  image_detail: ColumnType<unknown, string | undefined, string>;
  object_key: string | null;
  archive_size: ColumnType<number, number | bigint | undefined, number | bigint>;
  analyzed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ArtifactLifecyclePolicyTable {
  uuid: string;
  name: string;
  description: string | null;
  action: string;
  enabled: Generated<boolean>;
  version: Generated<number>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  deleted_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface ArtifactLifecyclePolicyVersionTable {
  policy: string;
  version: number;
  conditions: ColumnType<unknown, string, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ArtifactRelationshipTable {
  uuid: string;
  account: string;
  source_type: string;
  source_id: string;
  target_type: string;
  target_id: string;
  relationship_type: string;
  comment: string | null;
  user_metadata: ColumnType<unknown, string | null | undefined, string | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface AuditEntryTable {
  id: ColumnType<number, never, never>;
  at: ColumnType<Date, Date | string | undefined, Date | string>;
  account: string;
  username: string | null;
  user_account: string | null;
  credential: string | null;
  operation: string;
  method: string;
  params: ColumnType<unknown, string, string>;
  outcome: string;
  status: number;
  reason: string | null;
  address: string;
  request_id: string;
  seal_number: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  previous_seal: string | null;
  seal: string | null;
}

export interface ComplianceAlertTable {
  uuid: string;
  account: string;
  state: string;
  image_digest: string;
  registry: string;
  repository: string;
  image_tag: string;
  policy_id: string;
  evaluation_id: ColumnType<number, number | bigint, number | bigint>;
  evaluated_at: ColumnType<Date, Date | string, Date | string>;
  reason: string;
  violations: number;
  closed_by: string | null;
  closed_reason: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ComplianceCheckTable {
  uuid: string;
  account: string;
  check_type: string;
  image_digest: string;
  image_tag: string | null;
  namespace: string | null;
  pod: string | null;
  result: string | null;
  start_time: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  end_time: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  created_by: string | null;
  state: string;
  error: string | null;
  format: string | null;
  benchmark_id: string | null;
  benchmark_title: string | null;
  benchmark_version: string | null;
  profile_id: string | null;
  profile_title: string | null;
  target: string | null;
  test_system: string | null;
  evaluated_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  verdict: string | null;
  scores: ColumnType<unknown, string | undefined, string>;
  counts: ColumnType<unknown, string | undefined, string>;
  problems: ColumnType<unknown, string | undefined, string>;
}

export interface ComplianceFileTable {
  uuid: string;
  account: string;
  check_uuid: string;
  name: string;
  object_key: string;
  media_type: string;
  size: ColumnType<number, number | bigint, number | bigint>;
  sha256: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ComplianceRuleTable {
  id: ColumnType<number, never, never>;
  account: string;
  identity: string;
  rule_id: string;
  title: string;
  severity: string;
  definition: ColumnType<unknown, string | undefined, string>;
}

export interface ComplianceRuleResultTable {
  account: string;
  check_uuid: string;
  position: number;
  rule: ColumnType<number, number | bigint, number | bigint>;
  result: string;
  tested_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  weight: number | null;
  check_name: string | null;
  instance: string | null;
  messages: Generated<string[]>;
}

export interface ConfigurationTable {
  key: string;
  value: ColumnType<unknown, string, string>;
  updated_by: string | null;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface CorrectionTable {
  uuid: string;
  account: string;
  type: Generated<string>;
  description: string | null;
  match: ColumnType<unknown, string, string>;
  replace: ColumnType<unknown, string, string>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface CorrectionStateTable {
  account: string;
  applied_digest: string;
  applied_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface DeploymentTable {
  deployment_id: string;
  upgrade_id: string | null;
  to_system_version: string;
  from_system_version: string | null;
  to_database_version: string;
  from_database_version: string | null;
  outcome: string;
  db_upgrade_duration: Generated<number>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface EvaluationTable {
  id: ColumnType<number, never, never>;
  account: string;
  digest: string;
  tag: string;
  policy_id: string;
  policy_digest: string;
  input_digest: string;
  status: string;
  final_action: string;
  final_action_reason: string;
  result: ColumnType<unknown, string, string>;
  valid_until: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  evaluated_at: ColumnType<Date, Date | string | undefined, Date | string>;
  by_active_policy: Generated<boolean>;
}

export interface EventTable {
  event_id: string;
  account: string;
  type: string;
  category: string;
  level: string;
  message: string;
  resource_type: string;
  resource_id: string;
  details: ColumnType<unknown, string | undefined, string>;
  source: ColumnType<unknown, string | undefined, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  dispatched: Generated<boolean>;
}

export interface FeedBuildTable {
  checksum: string;
  schema_version: string;
  built_at: ColumnType<Date, Date | string, Date | string>;
  source: string;
  state: string;
  error: string | null;
  archive_key: string | null;
  archive_size: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  providers: ColumnType<unknown, string | undefined, string>;
  received_at: ColumnType<Date, Date | string | undefined, Date | string>;
  switched_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  sources: ColumnType<unknown, string | undefined, string>;
  reasons: ColumnType<unknown, string | undefined, string>;
  report: ColumnType<unknown, string | undefined, string>;
  decided_by: string | null;
  decided_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface FeedProviderAlarmTable {
  provider: string;
  captured_at: ColumnType<Date, Date | string, Date | string>;
  raised_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface FeedSourceTable {
  name: string;
  kind: string;
  origin: string;
  location: string;
  checksum: string | null;
  object_key: string | null;
  size: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  schema_version: string | null;
  captured_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  fetched_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  checked_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  etag: string | null;
  last_modified: string | null;
  error: string | null;
}

export interface FeedSwitchTable {
  id: ColumnType<number, never, never>;
  checksum: string;
  schema_version: string;
  built_at: ColumnType<Date, Date | string, Date | string>;
  switched_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface IdentityMessageTable {
  id: string;
  expires_at: ColumnType<Date, Date | string, Date | string>;
}

export interface IdentityProviderTable {
  name: string;
  kind: string;
  enabled: boolean;
  entity_id: string;
  settings: ColumnType<unknown, string, string>;
  metadata_xml: string | null;
  metadata_fetched_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  client_secret: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface IdentityProviderGroupTable {
  provider: string;
  group_uuid: string;
  mapped_on: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ImageTable {
  account: string;
  digest: string;
  parent_digest: string | null;
  image_id: string | null;
  image_status: Generated<string>;
  analysis_status: Generated<string>;
  analysis_error: string | null;
  progress: ColumnType<unknown, string | null | undefined, string | null>;
  status_history: ColumnType<unknown, string | undefined, string>;
  annotations: ColumnType<unknown, string | undefined, string>;
  dockerfile: string | null;
  analysis_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  analyzed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ImagePackageTable {
  account: string | null;
  digest: string | null;
  analysis_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  document_id: string | null;
  path: string | null;
  layer: string | null;
  owned_by: string | null;
  left_to_owner: boolean | null;
  package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  found_package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  corrections: string[] | null;
}

export interface ImportContentTable {
  import: string;
  kind: string;
  digest: string;
  object_key: string;
  size: ColumnType<number, number | bigint, number | bigint>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ImportOperationTable {
  uuid: string;
  account: string;
  subject: string;
  status: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface IntegrationTable {
  uuid: string;
  account: string;
  registration_id: string;
  registration_instance_id: string;
  type: string;
  name: string | null;
  description: string | null;
  version: string | null;
  started_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  uptime: Generated<number>;
  username: string;
  explicitly_account_bound: Generated<string[]>;
  namespaces: Generated<string[]>;
  configuration: ColumnType<unknown, string | undefined, string>;
  cluster_name: string | null;
  namespace: string | null;
  health_report_interval: number;
  state: Generated<string>;
  state_updated_at: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date, Date | string, Date | string>;
  reported_state: string | null;
  reported_errors: ColumnType<unknown, string | undefined, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface IntegrationAssociationTable {
  account: string;
  integration: string;
  reported_account: string;
  last_reported_at: ColumnType<Date, Date | string, Date | string>;
}

export interface IntegrationHealthReportTable {
  id: ColumnType<number, never, never>;
  account: string;
  integration: string;
  received_at: ColumnType<Date, Date | string | undefined, Date | string>;
  report: ColumnType<unknown, string, string>;
}

export interface InventoryClusterTable {
  account: string;
  cluster_name: string;
  cluster_id: Generated<string>;
  inventory_type: Generated<string>;
  cluster_server: string;
  cluster_certificate: string;
  client_certificate: string | null;
  credential_type: string;
  credential: string;
  namespaces: ColumnType<unknown, string | undefined, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  next_poll_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_poll_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_success_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_error_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_error: string | null;
  last_error_reason: string | null;
  last_event_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_event_reason: string | null;
  last_namespaces: number | null;
  last_images: number | null;
}

export interface InventoryContainerTable {
  account: string;
  context_id: ColumnType<number, number | bigint, number | bigint>;
  owner: string;
  container_id: string;
  name: string;
  workload: string;
  image_tag: string;
  image_digest: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface InventoryContextTable {
  id: ColumnType<number, never, never>;
  account: string;
  cluster_id: ColumnType<number, number | bigint, number | bigint>;
  source: string;
  uid: string;
  name: string;
  context: string;
  labels: ColumnType<unknown, string | undefined, string>;
  annotations: ColumnType<unknown, string | undefined, string>;
  content_hash: string | null;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date, Date | string, Date | string>;
  report_timestamp: ColumnType<Date, Date | string, Date | string>;
}

export interface InventoryEcsServiceTable {
  account: string;
  context_id: ColumnType<number, number | bigint, number | bigint>;
  arn: string;
  tags: ColumnType<unknown, string, string>;
  hash: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface InventoryEcsTaskTable {
  account: string;
  context_id: ColumnType<number, number | bigint, number | bigint>;
  arn: string;
  service_arn: string;
  task_definition_arn: string;
  tags: ColumnType<unknown, string, string>;
  hash: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface InventoryImageTable {
  account: string;
  context_id: ColumnType<number, number | bigint, number | bigint>;
  image_tag: string;
  image_digest: string;
  full_tag: string | null;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface InventoryNodeTable {
  account: string;
  cluster_id: ColumnType<number, number | bigint, number | bigint>;
  uid: string;
  name: string;
  arch: string | null;
  labels: ColumnType<unknown, string, string>;
  annotations: ColumnType<unknown, string, string>;
  details: ColumnType<unknown, string, string>;
  hash: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date, Date | string, Date | string>;
}

export interface InventoryPodTable {
  account: string;
  context_id: ColumnType<number, number | bigint, number | bigint>;
  uid: string;
  name: string;
  node_uid: string | null;
  labels: ColumnType<unknown, string, string>;
  annotations: ColumnType<unknown, string, string>;
  hash: string;
  created_at: ColumnType<Date, Date | string, Date | string>;
  last_updated: ColumnType<Date, Date | string, Date | string>;
  last_seen: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface InventoryWatchFailureTable {
  account: string;
  reference: string;
  failures: number;
  error: string;
  failed_at: ColumnType<Date, Date | string, Date | string>;
  next_attempt_at: ColumnType<Date, Date | string, Date | string>;
}

export interface JobProgressTable {
  job_id: string;
  progress: ColumnType<unknown, string, string>;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface LoginFailureTable {
  key: string;
  failures: number;
  last_at: ColumnType<Date, Date | string, Date | string>;
  blocked_until: ColumnType<Date, Date | string, Date | string>;
  forgotten_at: ColumnType<Date, Date | string, Date | string>;
}

export interface LoginHomeTable {
  key: string;
  seen_at: ColumnType<Date, Date | string, Date | string>;
}

export interface MalwareVerdictTable {
  sha256: string;
  signatures: string;
  signature: string | null;
  scanned_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface MatchRunTable {
  id: ColumnType<number, never, never>;
  checksum: string;
  stamp: string;
  from_run: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  from_checksum: string | null;
  state: string;
  mends: Generated<boolean>;
  counts: ColumnType<unknown, string | undefined, string>;
  started_at: ColumnType<Date, Date | string | undefined, Date | string>;
  completed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface MatchRunImageTable {
  run: ColumnType<number, number | bigint, number | bigint>;
  account: string;
  digest: string;
  analysis_id: ColumnType<number, number | bigint, number | bigint>;
  news: boolean;
}

export interface MetricSampleTable {
  account: string;
  collected_at: ColumnType<Date, Date | string, Date | string>;
  readings: ColumnType<unknown, string, string>;
}

export interface NotificationConfigurationTable {
  uuid: string;
  account: string;
  endpoint: string;
  description: string | null;
  settings: ColumnType<unknown, string, string>;
  secrets: string | null;
  options: ColumnType<unknown, string | undefined, string>;
  status: Generated<string>;
  last_error: string | null;
  last_attempt_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_success_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  paused_until: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  failures: Generated<number>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface NotificationDeliveryTable {
  id: string;
  account: string;
  configuration: string;
  event_id: string | null;
  content: ColumnType<unknown, string, string>;
  state: Generated<string>;
  attempts: Generated<number>;
  next_attempt_at: ColumnType<Date, Date | string | undefined, Date | string>;
  error: string | null;
  response: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  delivered_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  first_failed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface NotificationEndpointTable {
  name: string;
  enabled: boolean;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface NotificationSelectorTable {
  uuid: string;
  account: string;
  configuration: string;
  scope: string;
  level: string;
  resource_type: string;
  type: string;
  type_pattern: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface PackageTable {
  id: ColumnType<number, never, never>;
  identity: string;
  type: string;
  name: string;
  version: string;
  arch: string | null;
  distro_id: string | null;
  distro_version: string | null;
  purl: string | null;
  search_names: Generated<string[]>;
  matchable: ColumnType<unknown, string, string>;
  coverage: Generated<string>;
  matched_with: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface PackageMatchTable {
  id: ColumnType<number, never, never>;
  package_id: ColumnType<number, number | bigint, number | bigint>;
  vulnerability: string;
  namespace: string;
  kind: string;
  fix_state: string;
  fix_versions: Generated<string[]>;
  constraint_text: string;
  evidence: ColumnType<unknown, string, string>;
  fix_observed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  first_seen_at: ColumnType<Date, Date | string | undefined, Date | string>;
  opened_at: ColumnType<Date, Date | string | undefined, Date | string>;
  opened_by_build: string;
  closed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  closed_by_build: string | null;
  opened_run: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  closed_run: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
}

export interface PackageResultTable {
  package_id: ColumnType<number, number | bigint, number | bigint>;
  run: ColumnType<number, number | bigint, number | bigint>;
  first_run: ColumnType<number, number | bigint, number | bigint>;
  digest: string;
}

export interface PolicyTable {
  account: string;
  policy_id: string;
  name: string;
  active: Generated<boolean>;
  policy_source: Generated<string>;
  description: string | null;
  document: ColumnType<unknown, string, string>;
  digest: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface PolicyDocumentTable {
  digest: string;
  document: ColumnType<unknown, string, string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface PrivateAdvisoryTable {
  account: string;
  id: string;
  document: ColumnType<unknown, string, string>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface RefreshTokenTable {
  jti: string;
  user_uuid: string;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  revoked_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  family: string;
  issued_at: ColumnType<Date, Date | string | undefined, Date | string>;
  replaced_by: string | null;
}

export interface RegistryTable {
  account: string;
  registry: string;
  registry_name: string | null;
  registry_type: Generated<string>;
  registry_user: string | null;
  registry_pass: string | null;
  registry_verify: Generated<boolean>;
  record_state_key: Generated<string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface RegistryHookTable {
  hook_id: string;
  account: string;
  name: string;
  registry: string | null;
  token_hash: string;
  active: Generated<boolean>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  last_used_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  received: ColumnType<number, number | bigint | undefined, number | bigint>;
  refused: ColumnType<number, number | bigint | undefined, number | bigint>;
  last_refusal: string | null;
}

export interface ReportedClusterTable {
  id: ColumnType<number, never, never>;
  account: string;
  inventory_type: string;
  name: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_report_at: ColumnType<Date, Date | string, Date | string>;
  last_report_timestamp: ColumnType<Date, Date | string, Date | string>;
}

export interface ReportedPackageTable {
  account: string | null;
  digest: string | null;
  image_id: string | null;
  analyzed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  analysis_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  document_id: string | null;
  path: string | null;
  owned_by: string | null;
  package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  found_package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
}

export interface RoleMemberTable {
  username: string;
  role: string;
  domain: string;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ScheduledQueryTable {
  uuid: string;
  account: string;
  scope: Generated<string>;
  name: string;
  description: string | null;
  cron_schedule: string;
  time_zone: Generated<string>;
  query: string;
  variables: ColumnType<unknown, string | undefined, string>;
  result_columns: ColumnType<unknown, string | null | undefined, string | null>;
  enabled: Generated<boolean>;
  delta: Generated<boolean>;
  keep_count: number | null;
  keep_days: number | null;
  timeout_seconds: number | null;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  last_executed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  next_execution_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface ScheduledQueryExecutionTable {
  uuid: string;
  account: string;
  query_uuid: string;
  scope: Generated<string>;
  status: Generated<string>;
  cause: Generated<string>;
  requested_by: string | null;
  request: ColumnType<unknown, string, string>;
  job_id: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  started_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  finished_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  row_count: ColumnType<number, number | bigint | undefined, number | bigint>;
  page_count: ColumnType<number, number | bigint | undefined, number | bigint>;
  error_message: string | null;
  object_prefix: string | null;
  manifest: ColumnType<unknown, string | null | undefined, string | null>;
}

export interface SchemaMigrationTable {
  name: string;
  checksum: string;
  applied_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface ServiceTable {
  service_name: string;
  host_id: string;
  base_url: string;
  version: string;
  detail: ColumnType<unknown, string | undefined, string>;
  heartbeat_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface SourceTable {
  uuid: string;
  account: string;
  vcs_type: Generated<string>;
  host: string;
  repository_name: string;
  revision: string;
  source_status: Generated<string>;
  analysis_status: Generated<string>;
  analysis_error: string | null;
  analysis_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  sbom_key: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  analyzed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface SourceEvaluationTable {
  uuid: string;
  account: string;
  source: string;
  policy_id: string;
  policy_digest: string;
  input_digest: string;
  result: ColumnType<unknown, string, string>;
  valid_until: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  evaluated_at: ColumnType<Date, Date | string, Date | string>;
}

export interface SourceMetadataTable {
  uuid: string;
  source: string;
  ci_workflow_name: string | null;
  ci_workflow_execution_time: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  branch_name: string | null;
  change_author: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface SourcePackageTable {
  account: string | null;
  source: string | null;
  analysis_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  document_id: string | null;
  path: string | null;
  layer: string | null;
  owned_by: string | null;
  left_to_owner: boolean | null;
  package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  found_package_id: ColumnType<number | null, number | bigint | null | undefined, number | bigint | null>;
  corrections: string[] | null;
}

export interface StatisticTable {
  name: string;
  value: ColumnType<number, number | bigint | undefined, number | bigint>;
}

export interface StigEvaluationTable {
  uuid: string;
  account: string;
  image_digest: string;
  stig_profile: string;
  evaluation_format: Generated<string>;
  object_key: string;
  size: ColumnType<number, number | bigint, number | bigint>;
  sha256: string;
  controls: Generated<number>;
  counts: ColumnType<unknown, string | undefined, string>;
  evaluated_at: ColumnType<Date, Date | string, Date | string>;
  uploaded_at: ColumnType<Date, Date | string | undefined, Date | string>;
  uploaded_by: string | null;
}

export interface SubscriptionTable {
  subscription_id: string;
  account: string;
  subscription_type: string;
  subscription_key: string;
  subscription_value: string | null;
  active: Generated<boolean>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
  watched: Generated<boolean>;
}

export interface SuppressedMatchTable {
  package_id: ColumnType<number, number | bigint, number | bigint>;
  vulnerability: string;
  namespace: string;
  rule: string;
  reason: string;
  evidence: ColumnType<unknown, string, string>;
}

export interface SystemSecretTable {
  name: string;
  ciphertext: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface TagMappingTable {
  id: ColumnType<number, never, never>;
  account: string;
  registry: string;
  repository: string;
  tag: string;
  digest: string;
  detected_at: ColumnType<Date, Date | string | undefined, Date | string>;
  opened_at: ColumnType<Date, Date | string | undefined, Date | string>;
  closed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface UserGroupTable {
  group_uuid: string;
  name: string;
  description: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface UserGroupMemberTable {
  group_uuid: string;
  username: string;
  source: Generated<string>;
  added_on: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface UserGroupRoleTable {
  membership_id: string;
  group_uuid: string;
  domain: string;
  role: string;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface VexDocumentTable {
  uuid: string;
  account: string;
  format: string;
  document_id: string;
  author: string | null;
  document_version: string | null;
  issued_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  name: string | null;
  digest: string;
  statement_count: Generated<number>;
  problems: ColumnType<unknown, string | undefined, string>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface VexStatementTable {
  id: ColumnType<number, never, never>;
  account: string;
  document_uuid: string;
  vulnerability_ids: string[];
  status: string;
  stated_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  statement: ColumnType<unknown, string, string>;
}

export interface VulnerabilityTable {
  id: string;
  namespace: string;
  provider: string;
  severity: string;
  detail: ColumnType<unknown, string, string>;
  updated_by_build: string;
}

export interface VulnerabilityAnnotationTable {
  uuid: string;
  account: string;
  digest: string;
  vulnerability_id: string;
  package_name: string | null;
  package_version: string | null;
  package_type: string | null;
  status: string;
  justification: string | null;
  status_notes: string | null;
  impact_statement: string | null;
  action_statement: string | null;
  additional_details: string | null;
  author: string;
  version: Generated<number>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface VulnerabilityChangeTable {
  run: ColumnType<number, number | bigint, number | bigint>;
  id: string;
  namespace: string;
  before: ColumnType<unknown, string, string>;
  after: ColumnType<unknown, string, string>;
}

export interface WatchTable {
  subscription_id: string;
  account: string;
  kind: string;
  registry: string;
  repository: string;
  tag: string | null;
  seen_digest: string | null;
  seen_list: string | null;
  next_check_at: ColumnType<Date, Date | string | undefined, Date | string>;
  requested_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  checked_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  changed_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  failures: Generated<number>;
  last_error: string | null;
  last_reason: string | null;
  last_event_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
  last_event_reason: string | null;
}

export interface WatchRegistryTable {
  account: string;
  registry: string;
  failures: Generated<number>;
  blocked_until: ColumnType<Date, Date | string, Date | string>;
  failed_at: ColumnType<Date, Date | string, Date | string>;
  last_error: string;
  last_event_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
}

export interface WebSessionTable {
  id_hash: string;
  user_uuid: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_seen_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  idp_name: string | null;
  idp_subject: string | null;
  idp_session: string | null;
  idp_logout: string | null;
}
