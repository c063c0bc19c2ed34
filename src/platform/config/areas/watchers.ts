import { z } from 'zod';
import { WATCHER_BOUNDS, type WatcherName } from '../cycles.ts';
import { integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

/** One cycle; the bounds are those of the product whose API we speak. 0 turns it off. */
function cycle(env: string, doc: string, fallback: number) {
  return setting({ env, doc: `${doc} 0 turns it off.` }, seconds(fallback, 0, 604_800));
}

/** A cycle of a watcher, which may be written past its bounds: see {@link cycleSeconds}. */
function watcher(name: WatcherName, env: string, doc: string) {
  const { fallback, min, max } = WATCHER_BOUNDS[name];
  return setting(
    {
      env,
      doc: `${doc} ${min} to ${max}; what lies outside is brought inside, with a line in the log. A negative number is taken as it is, without its sign. 0 turns it off.`,
    },
    integer(fallback, -31_536_000, 31_536_000),
  );
}

export const watchersArea = {
  title: 'Watch cycles',
  schema: z.strictObject({
    image_seconds: watcher('image', 'WINDLASS_IMAGE_WATCH_SECONDS', 'Pause between looks at a watched tag.'),
    repository_seconds: watcher(
      'repository',
      'WINDLASS_REPOSITORY_WATCH_SECONDS',
      'Pause between looks for new tags of a watched repository.',
    ),
    policy_seconds: watcher(
      'policy',
      'WINDLASS_POLICY_WATCH_SECONDS',
      'Pause between policy evaluations of tags with a policy_eval subscription. Changes of data and policies cause one at once: this is a safety net.',
    ),
    registry_requests_per_second: setting(
      {
        env: 'WINDLASS_WATCH_REQUESTS_PER_SECOND',
        doc: 'Most requests that the watchers send to one registry within a second.',
      },
      integer(20, 1, 1_000),
    ),
    registry_parallel: setting(
      { env: 'WINDLASS_WATCH_PARALLEL', doc: 'Requests that the watchers send to one registry at once.' },
      integer(4, 1, 64),
    ),
    vulnerability_seconds: cycle(
      'WINDLASS_VULNERABILITY_WATCH_SECONDS',
      'Pause between vulnerability checks of subscribed tags.',
      14_400,
    ),
    notification_seconds: cycle('WINDLASS_NOTIFICATION_SECONDS', 'Pause between deliveries that failed before.', 30),
    inventory_seconds: cycle(
      'WINDLASS_INVENTORY_WATCH_SECONDS',
      'Pause between looks for running images of watched contexts that are not analysed; in whole minutes.',
      150,
    ),
    alert_seconds: cycle('WINDLASS_ALERT_SECONDS', 'Pause between looks for alerts to open and close.', 600),
    archive_seconds: cycle('WINDLASS_ARCHIVE_SECONDS', 'Pause between runs of archive rules.', 43_200),
    lifecycle_seconds: cycle(
      'WINDLASS_LIFECYCLE_SECONDS',
      'Pause between runs of artifact lifecycle policies.',
      43_200,
    ),
    deletion_seconds: cycle('WINDLASS_DELETION_SECONDS', 'Pause between removals of what was marked for deletion.', 60),
    cluster_inventory_seconds: setting(
      {
        env: 'WINDLASS_CLUSTER_INVENTORY_SECONDS',
        aliases: ['ANCHORE_CATALOG_K8S_INVENTORY_REPORT_INTERVAL_SEC'],
        doc: 'Pause between readings of a cluster that is configured in the server. 0 turns it off.',
      },
      seconds(300, 0, 604_800),
    ),
    event_cleanup_seconds: cycle('WINDLASS_EVENT_CLEANUP_SECONDS', 'Pause between removals of old events.', 43_200),
  }),
};
