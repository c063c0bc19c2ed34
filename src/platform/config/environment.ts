import { AGENT_PREFIXES, CLIENT_VARIABLES, listSettings, nearest, OTHER_VARIABLES } from './names.ts';

/** Settings found in the environment: area → key → text, and the variable each came from. */
export interface EnvironmentSettings {
  values: Record<string, Record<string, string>>;
  /** `area.key` → variable, for error texts. */
  origins: Map<string, string>;
  problems: string[];
}

type Environment = Record<string, string | undefined>;

/** Reads all settings from the environment. An empty variable counts as unset. Unknown `WINDLASS_*` names are problems. */
export function readEnvironment(env: Environment): EnvironmentSettings {
  const result: EnvironmentSettings = { values: {}, origins: new Map(), problems: [] };
  const known = new Set([...CLIENT_VARIABLES, ...OTHER_VARIABLES]);
  for (const { area, key, env: name, aliases } of listSettings()) {
    known.add(name);
    const found = [name, ...(aliases ?? [])].find((candidate) => env[candidate]?.trim());
    if (found) put(result, area, key, env[found] ?? '', found);
  }
  for (const name of Object.keys(env)) {
    if (!name.startsWith('WINDLASS_') || known.has(name) || AGENT_PREFIXES.some((prefix) => name.startsWith(prefix)))
      continue;
    const guess = nearest(name, known);
    result.problems.push(`unknown environment variable ${name}${guess ? `; did you mean ${guess}?` : ''}`);
  }
  if (!result.values.database?.url) {
    const url = databaseUrl(env);
    if (url) put(result, 'database', 'url', url, 'ANCHORE_DB_HOST');
  }
  return result;
}

function put(result: EnvironmentSettings, area: string, key: string, value: string, origin: string): void {
  const values = result.values[area] ?? {};
  values[key] = value;
  result.values[area] = values;
  result.origins.set(`${area}.${key}`, origin);
}

/** Puts the separate `ANCHORE_DB_*` variables together; undefined when no host is named. */
function databaseUrl(env: Environment): string | undefined {
  const host = env.ANCHORE_DB_HOST?.trim();
  if (!host) return undefined;
  const url = new URL('postgres://localhost');
  url.hostname = host;
  url.port = env.ANCHORE_DB_PORT?.trim() || '5432';
  url.username = encodeURIComponent(env.ANCHORE_DB_USER ?? 'postgres');
  url.password = encodeURIComponent(env.ANCHORE_DB_PASSWORD ?? '');
  url.pathname = `/${encodeURIComponent(env.ANCHORE_DB_NAME || 'postgres')}`;
  if (env.ANCHORE_DB_SSL?.toLowerCase() === 'true') {
    url.searchParams.set('sslmode', env.ANCHORE_DB_SSL_MODE || 'verify-full');
    if (env.ANCHORE_DB_SSL_ROOT_CERT) url.searchParams.set('sslrootcert', env.ANCHORE_DB_SSL_ROOT_CERT);
  }
  return url.toString();
}
