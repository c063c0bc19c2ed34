import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of caches: `windlass` in the XDG cache folder, `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(env.HOME ?? homedir(), '.cache');
  return join(base, 'windlass');
}
