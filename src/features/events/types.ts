/** Severity of an event. */
export type EventLevel = 'INFO' | 'ERROR';

/** One entry of the event catalogue: what `GET /event-types` lists. */
export interface EventType {
  /** `<category>.<subcategory>.<event>`, lower case. */
  type: string;
  level: EventLevel;
  resource_type: string;
  /** Sentence shown to people. */
  message: string;
}

function entry(type: string, level: EventLevel, resource_type: string, message: string): EventType {
  return { type, level, resource_type, message };
}

/** Every event that this product raises, in the order in which they are listed. */
export const EVENT_TYPES = {
  tag_vulnerabilities_update: entry(
    'user.checks.tag.vulnerabilities.update',
    'INFO',
    'image_tag',
    'Vulnerabilities of a tag changed',
  ),
  tag_policy_evaluation_update: entry(
    'user.checks.tag.policy_evaluation.update',
    'INFO',
    'image_tag',
    'Policy verdict of a tag changed',
  ),
  image_tag_update: entry('user.image.tag.update', 'INFO', 'image_tag', 'A tag points to another image'),
  image_analysis_completed: entry(
    'user.image.analysis.completed',
    'INFO',
    'image_tag',
    'Analysis of an image finished',
  ),
  image_analysis_failed: entry('user.image.analysis.failed', 'ERROR', 'image_tag', 'Analysis of an image failed'),
  policy_active_updated: entry('user.policy.active.updated', 'INFO', 'policy_bundle', 'Another policy became active'),
  policy_active_content_change: entry(
    'user.policy.active.content_change',
    'INFO',
    'policy_bundle',
    'The active policy was edited',
  ),
  vulnerability_annotation_changed: entry(
    'user.image.vulnerability_annotation.changed',
    'INFO',
    'image_digest',
    'An annotation of a vulnerability changed',
  ),
  vex_documents_changed: entry(
    'user.vex.documents.changed',
    'INFO',
    'vex_document',
    'A VEX document was imported or deleted',
  ),
  corrections_changed: entry('user.corrections.changed', 'INFO', 'correction', 'A correction of packages changed'),
  image_digest_analysis_failed: entry(
    'system.image_analysis.failed',
    'ERROR',
    'image_digest',
    'An image could not be analysed',
  ),
  registry_lookup_failed: entry(
    'system.image_analysis.registry_lookup_failed',
    'ERROR',
    'image_reference',
    'An image could not be found in its registry',
  ),
  manifest_parse_fail: entry(
    'system.image_analysis.manifest_parse_fail',
    'ERROR',
    'image_tag',
    'The manifest of a tag could not be read',
  ),
  list_tags_fail: entry(
    'system.repository.list_tags_fail',
    'ERROR',
    'repository',
    'Tags of a repository could not be listed',
  ),
  feed_sync_started: entry('system.feeds.sync.started', 'INFO', 'feeds', 'Feed synchronisation started'),
  feed_sync_completed: entry('system.feeds.sync.completed', 'INFO', 'feeds', 'Feed synchronisation finished'),
  feed_sync_failed: entry('system.feeds.sync.failed', 'ERROR', 'feeds', 'Feed synchronisation failed'),
  feed_source_failed: entry(
    'system.feeds.sync.feed_failed',
    'ERROR',
    'feed',
    'A source of vulnerability data failed: its last good copy stays in use',
  ),
  feed_build_held: entry(
    'system.feeds.build.held',
    'ERROR',
    'feed_build',
    'A build of the vulnerability data looks wrong and waits for a decision: the former one stays in use',
  ),
  feed_build_approved: entry('system.feeds.build.approved', 'INFO', 'feed_build', 'A held build was approved'),
  feed_build_rejected: entry('system.feeds.build.rejected', 'INFO', 'feed_build', 'A held build was rejected'),
  feed_build_rolled_back: entry(
    'system.feeds.build.rolled_back',
    'INFO',
    'feed_build',
    'The previous build of the vulnerability data is in use again',
  ),
  feed_provider_stale: entry(
    'system.feeds.provider.stale',
    'ERROR',
    'feed_provider',
    'The data of a provider is older than allowed',
  ),
  feed_provider_fresh: entry(
    'system.feeds.provider.fresh',
    'INFO',
    'feed_provider',
    'The data of a provider is fresh again',
  ),
  private_advisory_changed: entry(
    'user.advisories.changed',
    'INFO',
    'private_advisory',
    'A private advisory of the account changed',
  ),
  inventory_cluster_failed: entry(
    'user.inventory.cluster.failed',
    'ERROR',
    'inventory_cluster',
    'The inventory of a cluster could not be read',
  ),
  inventory_cluster_recovered: entry(
    'user.inventory.cluster.recovered',
    'INFO',
    'inventory_cluster',
    'The inventory of a cluster can be read again',
  ),
  compliance_alert_opened: entry(
    'user.alerts.compliance_violation.opened',
    'ERROR',
    'image_tag',
    'A tag violates the active policy',
  ),
  compliance_alert_closed: entry(
    'user.alerts.compliance_violation.closed',
    'INFO',
    'image_tag',
    'A tag does not violate the active policy any more',
  ),
  image_archived: entry(
    'system.analysis_archive.image_archived',
    'INFO',
    'image_digest',
    'An analysis was put into the archive',
  ),
  image_archive_failed: entry(
    'system.analysis_archive.image_archive_failed',
    'ERROR',
    'image_digest',
    'An analysis could not be put into the archive',
  ),
  archived_image_deleted: entry(
    'system.analysis_archive.archived_image_deleted',
    'INFO',
    'image_digest',
    'An analysis was deleted from the archive',
  ),
  archived_image_delete_failed: entry(
    'system.analysis_archive.archived_image_delete_failed',
    'ERROR',
    'image_digest',
    'An analysis could not be deleted from the archive',
  ),
  image_restored_from_archive: entry(
    'system.image_analysis.restored_from_archive',
    'INFO',
    'image_digest',
    'An image was restored from the archive',
  ),
  image_restore_failed: entry(
    'system.image_analysis.restore_from_archive_failed',
    'ERROR',
    'image_digest',
    'An image could not be restored from the archive',
  ),
  image_deleted_by_lifecycle_policy: entry(
    'system.artifact_lifecycle.image_deleted',
    'INFO',
    'image_digest',
    'An image was deleted by an artifact lifecycle policy',
  ),
  service_down: entry(
    'system.service.state_transition.down',
    'ERROR',
    'service',
    'A service stopped sending heartbeats',
  ),
  service_orphaned: entry(
    'system.service.state_transition.orphaned',
    'ERROR',
    'service',
    'A service has been silent for an hour: what it was doing is done by others',
  ),
  service_removed: entry('system.service.removed', 'ERROR', 'service', 'A service was removed after a long silence'),
  inventory_deleted: entry(
    'user.runtime_inventory.context.deleted',
    'INFO',
    'inventory_context',
    'Runtime inventory of a context was deleted',
  ),
  inventory_namespaces_deleted: entry(
    'user.runtime_inventory.namespaces.deleted',
    'INFO',
    'inventory_cluster',
    'Namespaces of a cluster were deleted from the runtime inventory',
  ),
  inventory_report_denied: entry(
    'system.runtime_inventory.report_denied',
    'ERROR',
    'user',
    'An agent may not report into this account: it will report elsewhere',
  ),
  scheduled_query_complete: entry(
    'user.reports.scheduled_query.complete',
    'INFO',
    'scheduled_query',
    'A scheduled query has a new result',
  ),
  scheduled_query_failed: entry(
    'user.reports.scheduled_query.failed',
    'ERROR',
    'scheduled_query',
    'A run of a scheduled query failed',
  ),
  integration_registered: entry('system.integrations.registered', 'INFO', 'integration', 'An agent registered itself'),
  integration_active: entry('system.integrations.active', 'INFO', 'integration', 'An agent reports its health'),
  integration_inactive: entry(
    'system.integrations.inactive',
    'ERROR',
    'integration',
    'An agent stopped reporting its health',
  ),
  integration_deleted: entry(
    'system.integrations.deleted',
    'INFO',
    'integration',
    'An agent was removed from the list',
  ),
  configuration_changed: entry(
    'system.configuration.changed',
    'INFO',
    'configuration',
    'A setting of the installation was changed or reset',
  ),
  subscription_created: entry('user.subscription.created', 'INFO', 'subscription', 'A subscription was made'),
  subscription_updated: entry('user.subscription.updated', 'INFO', 'subscription', 'A subscription was changed'),
  subscription_deleted: entry('user.subscription.deleted', 'INFO', 'subscription', 'A subscription was deleted'),
  account_created: entry('system.account.created', 'INFO', 'account', 'An account was made'),
  account_changed: entry('system.account.changed', 'INFO', 'account', 'An account was changed'),
  account_deleted: entry('system.account.deleted', 'INFO', 'account', 'An account is being deleted, with its users'),
  user_created: entry('system.user.created', 'INFO', 'user', 'A user was made'),
  user_deleted: entry('system.user.deleted', 'INFO', 'user', 'A user was deleted'),
  user_access_revoked: entry(
    'system.user.access_revoked',
    'INFO',
    'user',
    'All API keys, tokens and sessions of a user were revoked',
  ),
  credential_changed: entry('system.credential.changed', 'INFO', 'user', 'The password of a user was set or removed'),
  api_key_created: entry('system.api_key.created', 'INFO', 'api_key', 'An API key was made'),
  api_key_changed: entry('system.api_key.changed', 'INFO', 'api_key', 'An API key was changed or revoked'),
  api_key_deleted: entry('system.api_key.deleted', 'INFO', 'api_key', 'An API key was deleted'),
  role_member_added: entry('system.role_member.added', 'INFO', 'user', 'A user got a role'),
  role_member_removed: entry('system.role_member.removed', 'INFO', 'user', 'A role was taken from a user'),
  user_group_created: entry('system.user_group.created', 'INFO', 'user_group', 'A user group was made'),
  user_group_changed: entry(
    'system.user_group.changed',
    'INFO',
    'user_group',
    'Description, members or roles of a user group changed',
  ),
  user_group_deleted: entry('system.user_group.deleted', 'INFO', 'user_group', 'A user group was deleted'),
  identity_provider_created: entry(
    'system.identity_provider.created',
    'INFO',
    'identity_provider',
    'An identity provider was added',
  ),
  identity_provider_changed: entry(
    'system.identity_provider.changed',
    'INFO',
    'identity_provider',
    'Settings or user groups of an identity provider changed',
  ),
  identity_provider_deleted: entry(
    'system.identity_provider.deleted',
    'INFO',
    'identity_provider',
    'An identity provider was removed, with its users',
  ),
  saml_keys_changed: entry(
    'system.identity_provider.keys_changed',
    'INFO',
    'saml_key',
    'A key pair of this server for SAML was added or removed',
  ),
} as const satisfies Record<string, EventType>;

/** Key of {@link EVENT_TYPES}. */
export type EventName = keyof typeof EVENT_TYPES;

/** A fact to be recorded. */
export interface NewEvent {
  name: EventName;
  /** Owner; system events belong to `admin`. */
  account: string;
  resource_id: string;
  /** Overrides the catalogue's sentence. */
  message?: string;
  details?: Record<string, unknown>;
  request_id?: string;
}
