import { z } from 'zod';
import { appendEvent } from '#features/events/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import { clearAlarm, listAlarms, raiseAlarm } from './source-store.ts';
import { currentBuild } from './store.ts';
import type { FeedSettings } from './sync-dependencies.ts';
import { providerViews } from './views.ts';

export const FRESHNESS_JOB = 'feed-freshness';

/** Raises an alarm for each provider whose data became too old, and ends it when fresh data is there. */
export async function checkFreshness(
  database: Database,
  { maxAgeDays, excludeProviders }: Pick<FeedSettings, 'maxAgeDays' | 'excludeProviders'>,
  now: Date,
): Promise<void> {
  const build = await currentBuild(database.db);
  const views = build ? providerViews(build, { now, maxAgeDays, excluded: excludeProviders, alarms: new Map() }) : [];
  const stale = new Map(
    views.filter((view) => view.state === 'stale' && !view.excluded).map((view) => [view.provider, view]),
  );
  await database.transaction(async (tx) => {
    for (const [provider, view] of stale) {
      if (!(await raiseAlarm(tx, provider, new Date(view.captured_at)))) continue;
      await appendEvent(tx, {
        name: 'feed_provider_stale',
        account: 'admin',
        resource_id: provider,
        details: { captured_at: view.captured_at, max_age_days: maxAgeDays },
      });
    }
    for (const { provider } of await listAlarms(tx)) {
      if (stale.has(provider) || !(await clearAlarm(tx, provider))) continue;
      await appendEvent(tx, { name: 'feed_provider_fresh', account: 'admin', resource_id: provider });
    }
  });
}

/** Job, every few minutes. `followSettings` is told each time, so that changed settings are acted upon. */
export function freshnessJob(deps: {
  database: Database;
  settings(): FeedSettings;
  followSettings(): Promise<void>;
}): JobDefinition<Record<string, never>> {
  return {
    kind: FRESHNESS_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    async run() {
      await deps.followSettings();
      await checkFreshness(deps.database, deps.settings(), new Date());
    },
  };
}
