// Written by scripts/generate-schema.ts from the migrations. Do not edit.
import type { ColumnType, Generated } from 'kysely';

/** Tables of the database by name. */
export interface Schema {
  account: AccountTable;
  account_revision: AccountRevisionTable;
  analysis: AnalysisTable;
  analysis_package: AnalysisPackageTable;
  api_key: ApiKeyTable;
  app_user: AppUserTable;
  configuration: ConfigurationTable;
  deployment: DeploymentTable;
  evaluation: EvaluationTable;
  event: EventTable;
  feed_build: FeedBuildTable;
  image: ImageTable;
  job_progress: JobProgressTable;
  package: PackageTable;
  package_match: PackageMatchTable;
  policy: PolicyTable;
  policy_document: PolicyDocumentTable;
  refresh_token: RefreshTokenTable;
  registry: RegistryTable;
  role_member: RoleMemberTable;
  schema_migration: SchemaMigrationTable;
  service: ServiceTable;
  statistic: StatisticTable;
  subscription: SubscriptionTable;
  suppressed_match: SuppressedMatchTable;
  system_secret: SystemSecretTable;
  tag_mapping: TagMappingTable;
  user_group: UserGroupTable;
  user_group_member: UserGroupMemberTable;
  user_group_role: UserGroupRoleTable;
  vulnerability: VulnerabilityTable;
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
}

export interface ConfigurationTable {
  key: string;
  value: ColumnType<unknown, string, string>;
  updated_by: string | null;
  last_updated: ColumnType<Date, Date | string | undefined, Date | string>;
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

export interface JobProgressTable {
  job_id: string;
  progress: ColumnType<unknown, string, string>;
  updated_at: ColumnType<Date, Date | string | undefined, Date | string>;
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

export interface RoleMemberTable {
  username: string;
  role: string;
  domain: string;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
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

export interface StatisticTable {
  name: string;
  value: ColumnType<number, number | bigint | undefined, number | bigint>;
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

export interface VulnerabilityTable {
  id: string;
  namespace: string;
  provider: string;
  severity: string;
  detail: ColumnType<unknown, string, string>;
  updated_by_build: string;
}

export interface WebSessionTable {
  id_hash: string;
  user_uuid: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  last_seen_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: ColumnType<Date, Date | string, Date | string>;
}
