import { z } from 'zod';
import { seconds } from '../fields.ts';
import { setting } from '../setting.ts';

/** One cycle; the bounds are those of the product whose API we speak. 0 turns it off. */
function cycle(env: string, doc: string, fallback: number) {
  return setting({ env, doc: `${doc} 0 turns it off.` }, seconds(fallback, 0, 604_800));
}

export const watchersArea = {
  title: 'Watch cycles',
  schema: z.strictObject({
    image_seconds: cycle('WINDLASS_IMAGE_WATCH_SECONDS', 'Pause between looks at watched tags.', 3_600),
    repository_seconds: cycle(
      'WINDLASS_REPOSITORY_WATCH_SECONDS',
      'Pause between looks for new tags of watched repositories.',
      60,
    ),
    policy_seconds: cycle(
      'WINDLASS_POLICY_WATCH_SECONDS',
      'Pause between policy evaluations of subscribed tags.',
      3_600,
    ),
    vulnerability_seconds: cycle(
      'WINDLASS_VULNERABILITY_WATCH_SECONDS',
      'Pause between vulnerability checks of subscribed tags.',
      14_400,
    ),
    notification_seconds: cycle('WINDLASS_NOTIFICATION_SECONDS', 'Pause between deliveries that failed before.', 30),
    alert_seconds: cycle('WINDLASS_ALERT_SECONDS', 'Pause between looks for alerts to open and close.', 600),
    archive_seconds: cycle('WINDLASS_ARCHIVE_SECONDS', 'Pause between runs of archive rules.', 43_200),
    lifecycle_seconds: cycle(
      'WINDLASS_LIFECYCLE_SECONDS',
      'Pause between runs of artifact lifecycle policies.',
      43_200,
    ),
    deletion_seconds: cycle('WINDLASS_DELETION_SECONDS', 'Pause between removals of what was marked for deletion.', 60),
    event_cleanup_seconds: cycle('WINDLASS_EVENT_CLEANUP_SECONDS', 'Pause between removals of old events.', 43_200),
  }),
};
