import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../config/index.ts';
import { prettyStream } from './pretty.ts';

/** A logger; `child({ component: 'jobs' })` makes one that names its part of the program. */
export type Logger = PinoLogger;

/** Members whose values never appear in a log, at the top and one level below. */
const SECRET_NAMES = [
  'password',
  'registry_pass',
  'secret',
  'secret_key',
  'client_secret',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'api_key',
  'authorization',
  'cookie',
  'master_key',
  'admin_password',
  'private_key',
];

const REDACTED = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`, `headers.${name}`]).concat([
  'headers["set-cookie"]',
  '*.headers["set-cookie"]',
]);

/** Makes the logger of this process. JSON lines, or lines for people when the target is a terminal. */
export function createLogger(
  settings: Config['logging'],
  target: NodeJS.WritableStream & { isTTY?: boolean } = process.stderr,
): Logger {
  const pretty = settings.format === 'pretty' || (settings.format === 'auto' && target.isTTY === true);
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: pretty ? stdTimeFunctions.epochTime : stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: '[redacted]' },
      ...(pretty ? {} : { formatters: { level: (label: string) => ({ level: label }) } }),
    },
    pretty ? prettyStream(target) : target,
  );
}
