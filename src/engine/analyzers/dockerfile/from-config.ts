import { healthcheckText } from './instruction.ts';

/**
 * Instructions that an image's configuration proves and that the history does not show: images of builders that keep no
 * history, or squashed ones. `lines` are the instructions known so far. The values are those of the OCI image
 * configuration (`config`).
 */
export function missingInstructions(config: Record<string, unknown>, lines: readonly string[]): string[] {
  const has = (word: string): boolean => lines.some((line) => line.startsWith(`${word} `));
  const missing: string[] = [];
  const add = (word: string, value: string | undefined): void => {
    if (value && !has(word)) missing.push(`${word} ${value}`);
  };
  if (!has('ENV')) for (const entry of strings(config.Env)) missing.push(`ENV ${entry}`);
  if (!has('LABEL')) {
    for (const [key, value] of Object.entries(record(config.Labels)))
      missing.push(`LABEL ${key}=${JSON.stringify(String(value))}`);
  }
  add('EXPOSE', Object.keys(record(config.ExposedPorts)).join(' '));
  add('VOLUME', list(Object.keys(record(config.Volumes))));
  add('WORKDIR', config.WorkingDir === '/' ? undefined : text(config.WorkingDir));
  add('USER', text(config.User));
  add('STOPSIGNAL', text(config.StopSignal));
  add('SHELL', list(strings(config.Shell)));
  add('HEALTHCHECK', healthcheck(record(config.Healthcheck)));
  add('ENTRYPOINT', list(strings(config.Entrypoint)));
  add('CMD', list(strings(config.Cmd)));
  for (const trigger of strings(config.OnBuild)) if (!has('ONBUILD')) missing.push(`ONBUILD ${trigger}`);
  return missing;
}

function healthcheck(check: Record<string, unknown>): string | undefined {
  const test = strings(check.Test);
  if (test.length === 0) return undefined;
  return healthcheckText(test, {
    interval: duration(check.Interval),
    timeout: duration(check.Timeout),
    'start-period': duration(check.StartPeriod),
    retries: typeof check.Retries === 'number' && check.Retries > 0 ? String(check.Retries) : undefined,
  });
}

/** The configuration has nanoseconds. */
function duration(value: unknown): string | undefined {
  return typeof value === 'number' && value > 0 ? `${value / 1e9}s` : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(values: string[]): string | undefined {
  return values.length > 0 ? JSON.stringify(values) : undefined;
}
