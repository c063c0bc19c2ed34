import type { z } from 'zod';
import { areas } from './areas.ts';
import { type EnvironmentSettings, readEnvironment } from './environment.ts';
import { readFile } from './file.ts';

export type { Role } from './areas/server.ts';

/** All settings of this process: area → setting. Frozen. Names are those of the file. */
export type Config = {
  readonly [A in keyof typeof areas]: Readonly<z.infer<(typeof areas)[A]['schema']>>;
};

/** The settings are wrong; the message lists everything that is, one problem a line. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Sources of settings. The environment wins over the file, `overrides` (command line) over both. */
export interface ConfigSources {
  env: Record<string, string | undefined>;
  /** Command line as `--area.key=value`, `--port=8228`-like short forms of the server area, or `--roles api,worker`. */
  argv?: readonly string[];
  /** YAML file; default: `WINDLASS_CONFIG`, else `windlass.yaml` in the working folder when there is one. */
  file?: string;
}

/** Reads and checks the settings. Throws `ConfigError` with all problems at once. */
export function loadConfig(sources: ConfigSources): Config {
  const named = sources.file ?? (sources.env.WINDLASS_CONFIG || undefined);
  const file = readFile(named ?? 'windlass.yaml', named !== undefined);
  const environment = readEnvironment(sources.env);
  const line = readArguments(sources.argv ?? []);
  const problems = [...file.problems, ...environment.problems, ...line.problems];
  const config: Record<string, unknown> = {};
  for (const [name, area] of Object.entries(areas)) {
    const input = { ...file.values[name], ...environment.values[name], ...line.values[name] };
    const parsed = area.schema.safeParse(input);
    if (parsed.success) config[name] = deepFreeze(parsed.data);
    else for (const issue of parsed.error.issues) problems.push(describe(name, issue, environment, line.origins));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config) as Config;
}

function describe(
  area: string,
  issue: z.core.$ZodIssue,
  environment: EnvironmentSettings,
  line: Map<string, string>,
): string {
  const name = `${area}.${issue.path.join('.')}`;
  const root = `${area}.${String(issue.path[0])}`;
  const origin = line.get(root) ?? environment.origins.get(root);
  return `${origin ? `${origin} (${name})` : name}: ${issue.message}`;
}

/** Command-line form: `--server.port=1`, `--port 1` (server area), nothing else is taken. */
function readArguments(argv: readonly string[]): EnvironmentSettings {
  const result: EnvironmentSettings = { values: {}, origins: new Map(), problems: [] };
  for (let i = 0; i < argv.length; i++) {
    const match = /^--(?:([a-z0-9_]+)\.)?([a-z0-9_-]+)(?:=(.*))?$/s.exec(argv[i] ?? '');
    const area = match?.[1] ?? 'server';
    const key = match?.[2]?.replaceAll('-', '_') ?? '';
    const shape = Object.hasOwn(areas, area) ? areas[area as keyof typeof areas].schema.shape : {};
    if (!match || !Object.hasOwn(shape, key)) {
      result.problems.push(`unknown argument ${argv[i]}`);
      continue;
    }
    const value = match[3] ?? argv[++i];
    if (value === undefined) {
      result.problems.push(`argument --${area}.${key} needs a value`);
      continue;
    }
    result.values[area] = { ...result.values[area], [key]: value };
    result.origins.set(`${area}.${key}`, `--${match[1] ? `${area}.` : ''}${match[2]}`);
  }
  return result;
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
