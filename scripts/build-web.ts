import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'web', 'dist');
const STAMP = join(DIST, '.stamp');

/** What the page is made of: its own sources, the contract and the client, and the versions of the packages. */
const SOURCES = ['web', 'src/contract', 'src/client', 'src/shared', 'package.json', 'package-lock.json'];

/** Digest over the names and bytes of all sources of the page. */
function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(source))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(ROOT, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (!existsSync(join(ROOT, path))) return [];
  if (/\.json$/.test(path)) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((file) => !file.startsWith(join('web', 'dist')) && !/\.(spec|fixture)\.tsx?$/.test(file))
    .sort();
}

/** What `ensureWebBuilt` found or did. */
export interface WebBuild {
  /** Folder of the built page. */
  directory: string;
  built: boolean;
  milliseconds: number;
}

/**
 * Whether `web/dist` was built from the sources that are there now; also true of an installation without the sources, or
 * with a page that somebody else built.
 */
export function pageIsCurrent(): boolean {
  const built = existsSync(join(DIST, 'index.html'));
  if (built && !existsSync(join(ROOT, 'web', 'vite.config.ts'))) return true;
  return built && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourceDigest();
}

/**
 * Builds the page when its sources are not those that `web/dist` was built from. An installation without the sources,
 * or with a page that somebody else built, uses what is there. Throws what Vite throws when the sources do not build.
 */
export async function ensureWebBuilt(options: { force?: boolean } = {}): Promise<WebBuild> {
  const started = performance.now();
  const done = (built: boolean) => ({ directory: DIST, built, milliseconds: Math.round(performance.now() - started) });
  if (!options.force && pageIsCurrent()) return done(false);
  const digest = sourceDigest();
  // Vite is loaded only when there is something to build: it takes longer than the check
  const { build } = await import('vite');
  await build({ root: join(ROOT, 'web'), configFile: join(ROOT, 'web', 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(STAMP, digest);
  return done(true);
}

if (import.meta.main) {
  const { built, milliseconds } = await ensureWebBuilt({ force: process.argv.includes('--force') });
  console.log(built ? `built web/dist in ${milliseconds} ms` : `web/dist is up to date (${milliseconds} ms)`);
}
