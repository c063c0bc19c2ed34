/** One package of `node_modules/.package-lock.json`. */
export interface InstalledLockEntry {
  version: string;
  integrity?: string;
  resolved?: string;
  dev?: true;
}

/** Fact of the lock file that npm 7+ keeps inside `node_modules`. */
export interface InstalledLockFact {
  kind: 'installed-lock';
  /** Keys are paths relative to the project: `node_modules/a/node_modules/b`. */
  entries: Record<string, InstalledLockEntry>;
  error?: string;
}

const MOST_ENTRIES = 100_000;

/** Reads `node_modules/.package-lock.json` (lockfile version 2 or 3). */
export function readInstalledLock(bytes: Uint8Array): InstalledLockFact {
  const fact: InstalledLockFact = { kind: 'installed-lock', entries: {} };
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    fact.error = error instanceof Error ? error.message.slice(0, 200) : 'not JSON';
    return fact;
  }
  const packages = (document as { packages?: unknown } | null)?.packages;
  if (typeof packages !== 'object' || packages === null) return fact;
  let count = 0;
  for (const [path, value] of Object.entries(packages as Record<string, unknown>)) {
    if (count++ >= MOST_ENTRIES) break;
    if (typeof value !== 'object' || value === null || !path.startsWith('node_modules/')) continue;
    const row = value as Record<string, unknown>;
    if (typeof row.version !== 'string') continue;
    const entry: InstalledLockEntry = { version: row.version };
    if (typeof row.integrity === 'string') entry.integrity = row.integrity.slice(0, 512);
    if (typeof row.resolved === 'string') entry.resolved = row.resolved.slice(0, 1024);
    if (row.dev === true) entry.dev = true;
    fact.entries[path] = entry;
  }
  return fact;
}
