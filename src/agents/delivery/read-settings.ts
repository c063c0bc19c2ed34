import { parse } from 'yaml';
import type { z } from 'zod';

/** The client's own variables stand in for those of the agent. */
const CLIENT_VARIABLES: Readonly<Record<string, string>> = {
  WINDLASS_URL: 'server.url',
  WINDLASS_USERNAME: 'server.username',
  WINDLASS_PASSWORD: 'server.password',
  WINDLASS_ACCOUNT: 'server.account',
};

/** The settings of an agent cannot be used; the message lists every problem. */
export class AgentConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Settings from a YAML text, variables over it and single settings (`path` → value) over both. A setting with several
 * values is a comma-separated text in a variable. Throws `AgentConfigError`.
 */
export function readAgentSettings<T>(
  schema: z.ZodType<T>,
  sources: {
    yaml?: string | undefined;
    env: NodeJS.ProcessEnv;
    variables: Readonly<Record<string, string>>;
    overrides?: Readonly<Record<string, unknown>>;
  },
): T {
  const { yaml, env, variables, overrides = {} } = sources;
  const settings = document(yaml);
  for (const [name, path] of [...Object.entries(CLIENT_VARIABLES), ...Object.entries(variables)]) {
    if (env[name]) put(settings, path, readValue(path, env[name]));
  }
  for (const [path, value] of Object.entries(overrides)) if (value !== undefined) put(settings, path, value);
  // without it the problem would be a missing section, and not what is missing in it
  settings.server ??= {};
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  - ${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new AgentConfigError(`the settings of the agent cannot be used:\n${problems.join('\n')}`);
}

function document(yaml: string | undefined): Record<string, unknown> {
  if (yaml === undefined || yaml.trim() === '') return {};
  let value: unknown;
  try {
    value = parse(yaml);
  } catch (error) {
    throw new AgentConfigError(`the settings file is no YAML: ${(error as Error).message}`);
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new AgentConfigError('the settings file must hold a mapping');
  return value as Record<string, unknown>;
}

const NUMBERS = /-(seconds|size|bytes|reports)$/;
const LISTS = new Set(['namespaces.include', 'clusters', 'regions']);

function readValue(path: string, text: string): unknown {
  if (path === 'server.insecure') return ['1', 'true', 'yes', 'on'].includes(text.toLowerCase());
  if (LISTS.has(path))
    return text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  return NUMBERS.test(path) && /^\d+$/.test(text) ? Number(text) : text;
}

/** Sets `a.b.0.c`, making what is missing on the way. */
function put(settings: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  let at = settings;
  for (const [index, key] of keys.slice(0, -1).entries()) {
    if (typeof at[key] !== 'object' || at[key] === null) at[key] = /^\d+$/.test(keys[index + 1]!) ? [] : {};
    at = at[key] as Record<string, unknown>;
  }
  at[keys.at(-1)!] = value;
}
