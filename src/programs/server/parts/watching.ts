import {
  createHookService,
  createPace,
  createRegistryQueries,
  createWatchService,
  followDue,
  POLICY_WATCH_JOB,
  policyWatchJob,
  repositoryWatcher,
  tagWatcher,
  watchingRoutes,
  watchJob,
} from '#features/watching/index.ts';
import { cycleSeconds, type WatcherName } from '#platform/config/cycles.ts';
import type { Part, Wiring } from './part.ts';

/** The watchers of tags and repositories, the safety net of policy evaluations, and the hooks by which registries tell of pushes. */
export function wireWatching({ platform, gateway, registries, images, evaluations }: Wiring): Part {
  const { config, database, jobs, log, outbound } = platform;
  const { watchers } = config;
  const cycle = (name: WatcherName, wanted: number): number => {
    const { seconds, note } = cycleSeconds(name, wanted);
    if (note) log.warn(note);
    return seconds;
  };
  const tag = cycle('image', watchers.image_seconds);
  const repository = cycle('repository', watchers.repository_seconds);
  const policy = cycle('policy', watchers.policy_seconds);
  const cycles = { ...(tag > 0 ? { tag } : {}), ...(repository > 0 ? { repository } : {}) };
  const kinds = Object.keys(cycles) as ('tag' | 'repository')[];

  const queries = createRegistryQueries({ fetcher: outbound });
  const deps = {
    database,
    jobs,
    registries,
    parse: gateway.parse,
    pace: createPace({
      requestsPerSecond: watchers.registry_requests_per_second,
      parallel: watchers.registry_parallel,
    }),
  };
  jobs.define(watchJob(deps, tagWatcher({ cycle: tag, queries, images })));
  jobs.define(watchJob(deps, repositoryWatcher({ cycle: repository, database, jobs, queries })));
  jobs.define(
    policyWatchJob({
      database,
      evaluations,
      onError: (error, subscribed) => log.warn({ err: error, ...subscribed }, 'a subscribed tag could not be judged'),
    }),
  );
  const onError = (error: unknown): void => log.error({ err: error }, 'watchers');
  let following: ReturnType<typeof followDue> | undefined;
  let policyTimer: NodeJS.Timeout | undefined;
  return {
    routes: watchingRoutes({
      watches: createWatchService({ database, jobs, kinds }),
      hooks: createHookService({ database, jobs, parse: gateway.parse, kinds }),
    }),
    async start() {
      if (!config.server.roles.includes('scheduler')) return;
      following = followDue(database, jobs, cycles, onError);
      if (policy === 0) return;
      policyTimer = setInterval(
        () => void jobs.send(database.db, POLICY_WATCH_JOB, {}, { key: 'policy' }).catch(onError),
        Math.min(policy * 1000, 2 ** 31 - 1),
      );
      policyTimer.unref();
    },
    async stop() {
      clearInterval(policyTimer);
      await following?.stop();
    },
  };
}
