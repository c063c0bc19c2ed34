import { z } from 'zod';
import { flag } from '../fields.ts';
import { setting } from '../setting.ts';

const LevelNames: Record<string, string> = { warning: 'warn', critical: 'fatal' };

function levelName(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const lower = value.toLowerCase();
  return LevelNames[lower] ?? lower;
}

export const loggingArea = {
  title: 'Logging',
  schema: z.strictObject({
    level: setting(
      {
        env: 'WINDLASS_LOG_LEVEL',
        aliases: ['ANCHORE_LOG_LEVEL'],
        doc: '`fatal`, `error`, `warn`, `info`, `debug` or `trace`.',
      },
      z.preprocess(levelName, z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])).default('info'),
    ),
    format: setting(
      { env: 'WINDLASS_LOG_FORMAT', doc: '`json`, `pretty`, or `auto`: pretty on a terminal.' },
      z.enum(['auto', 'json', 'pretty']).default('auto'),
    ),
    access: setting({ env: 'WINDLASS_ACCESS_LOG', doc: 'A line for every request.' }, flag(true)),
  }),
};

export const metricsArea = {
  title: 'Metrics',
  schema: z.strictObject({
    enabled: setting(
      { env: 'WINDLASS_METRICS', aliases: ['ANCHORE_ENABLE_METRICS'], doc: 'Serve Prometheus metrics at `/metrics`.' },
      flag(true),
    ),
    auth_disabled: setting(
      {
        env: 'WINDLASS_METRICS_AUTH_DISABLED',
        aliases: ['ANCHORE_DISABLE_METRICS_AUTH'],
        doc: 'Metrics without signing in.',
      },
      flag(false),
    ),
    per_account: setting(
      {
        env: 'WINDLASS_METRICS_PER_ACCOUNT',
        doc: 'Image counts per account; many accounts make many series (accepted; not used yet).',
      },
      flag(false),
    ),
  }),
};
