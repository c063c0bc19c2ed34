import { LoggingLevel, type LoggingLevelResponse } from '#contract/system.ts';
import type { Database } from '#platform/database/types.ts';

type ServiceName = LoggingLevel['service_name'];
type Level = LoggingLevel['logging_level'];
type LoggedService = Exclude<ServiceName, 'all'>;

/** Levels of the log library by those of the API. */
const LIBRARY_LEVELS: Record<Exclude<Level, 'default'>, string> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
};

const SERVICES = LoggingLevel.shape.service_name.options.filter((name): name is LoggedService => name !== 'all');
const CHANNEL = 'log_level';

/** Log levels that were changed while running; a restart brings back the configured ones. */
export interface LogLevels {
  /** Changes the level of a service, or of all, in every process; returns the levels of all services. */
  set(change: LoggingLevel): Promise<LoggingLevelResponse>;
  list(): LoggingLevelResponse;
  /** Follows changes made in other processes; returns how to stop. */
  follow(): Promise<() => Promise<void>>;
}

/**
 * Creates the levels. `apply` sets the level of a service in this process; undefined stands for the configured one.
 */
export function createLogLevels(options: {
  database: Database;
  apply: (service: string, level: string | undefined) => void;
}): LogLevels {
  const { database, apply } = options;
  const levels = new Map<LoggedService, Level>(SERVICES.map((name) => [name, 'default']));

  function change({ service_name, logging_level }: LoggingLevel): void {
    for (const service of service_name === 'all' ? SERVICES : [service_name]) {
      levels.set(service, logging_level);
      apply(service, logging_level === 'default' ? undefined : LIBRARY_LEVELS[logging_level]);
    }
  }

  const list = (): LoggingLevelResponse =>
    [...levels].map(([service_name, logging_level]) => ({ service_name, logging_level }));

  return {
    async set(wanted) {
      change(wanted);
      await database.notify(database.db, CHANNEL, JSON.stringify(wanted));
      return list();
    },
    list,
    follow: () =>
      database.listen(CHANNEL, (payload) => {
        const parsed = LoggingLevel.safeParse(JSON.parse(payload));
        if (parsed.success) change(parsed.data);
      }),
  };
}
