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
  service_down: entry(
    'system.service.state_transition.down',
    'ERROR',
    'service',
    'A service stopped sending heartbeats',
  ),
  service_removed: entry('system.service.removed', 'ERROR', 'service', 'A service was removed after a long silence'),
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
