import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { currentBuild, keptBuilds } from './store.ts';

/** Message to all processes: the current build changed. */
export const SWITCH_CHANNEL = 'feed_switch';

/** How long readers of a replaced index may finish what they began. */
const GRACE_MS = 30_000;

/** What an index is made of, in local files. */
export interface IndexSources {
  checksum: string;
  /** SQLite file of the database; absent: further sources alone. */
  database?: string;
  further: { name: string; path: string; capturedAt?: string }[];
}

export interface CurrentIndexDependencies {
  database: Database;
  objects: ObjectStore;
  /** Folder of this machine's indices, one subfolder per build. */
  directory: string;
  openIndex(directory: string): Promise<VulnerabilityIndex>;
  /** Makes the index of a build whose sources lie in the object store; returns its folder. Reuses a finished one. */
  buildFromArchive(build: { checksum: string; archive_key: string | null; sources: unknown }): Promise<string>;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** The vulnerability index that this process reads now. */
export interface CurrentIndex {
  /** Undefined until a first build was loaded. */
  get(): VulnerabilityIndex | undefined;
  /** Opens the local index of a finished build that is not current yet. The caller closes it. */
  openFor(checksum: string): Promise<VulnerabilityIndex>;
  /** Follows the installation's current build; builds the local index when this machine lacks it. */
  refresh(): Promise<VulnerabilityIndex | undefined>;
  close(): Promise<void>;
}

export async function createCurrentIndex(deps: CurrentIndexDependencies): Promise<CurrentIndex> {
  let index: VulnerabilityIndex | undefined;
  let refreshing: Promise<VulnerabilityIndex | undefined> | undefined;
  const retired = new Set<{ index: VulnerabilityIndex; timer: NodeJS.Timeout }>();

  function retire(old: VulnerabilityIndex): void {
    const entry = {
      index: old,
      timer: setTimeout(() => {
        retired.delete(entry);
        old
          .close()
          .catch((error: unknown) => deps.log.error({ err: error }, 'closing a replaced vulnerability index failed'));
      }, GRACE_MS),
    };
    entry.timer.unref();
    retired.add(entry);
  }

  async function load(): Promise<VulnerabilityIndex | undefined> {
    const build = await currentBuild(deps.database.db);
    if (!build || index?.checksum === build.checksum) return index;
    if (!build.archive_key && (build.sources as unknown[]).length === 0) return index;
    const folder = await deps.buildFromArchive(build);
    const opened = await deps.openIndex(folder);
    if (index) retire(index);
    index = opened;
    deps.log.info({ checksum: build.checksum, built_at: build.built_at }, 'vulnerability index loaded');
    const kept = await keptBuilds(deps.database.db);
    await deleteUnusedIndices(
      deps.directory,
      kept.map(({ checksum }) => checksum),
    );
    return index;
  }

  function refresh(): Promise<VulnerabilityIndex | undefined> {
    refreshing ??= load().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const unlisten = await deps.database.listen(SWITCH_CHANNEL, () => {
    refresh().catch((error: unknown) =>
      deps.log.error({ err: error }, 'loading the new vulnerability index failed; the former one stays'),
    );
  });

  return {
    get: () => index,
    refresh,
    openFor: (checksum) => deps.openIndex(join(deps.directory, indexFolder(checksum))),
    async close() {
      await unlisten();
      await refreshing?.catch(() => undefined);
      for (const { index: old, timer } of retired) {
        clearTimeout(timer);
        await old.close();
      }
      await index?.close();
      index = undefined;
    },
  };
}

/** Name of the folder of a build's index. */
export function indexFolder(checksum: string): string {
  return `index-${checksum.replace(/^sha256:/, '')}`;
}

/** Deletes indices of builds other than those in `keep`, and leftovers of interrupted builds. */
export async function deleteUnusedIndices(directory: string, keep: string[]): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    if (name.startsWith('index-') && !keep.some((checksum) => name === indexFolder(checksum))) {
      await rm(join(directory, name), { recursive: true, force: true });
    } else if (name.startsWith('.index-') && (await isLeftOver(join(directory, name)))) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Milliseconds after which an index that nobody wrote to belongs to a process that died; a build takes minutes. */
const LEFT_OVER_MS = 3_600_000;

async function isLeftOver(folder: string): Promise<boolean> {
  const files = [folder, ...(await readdir(folder).catch(() => [])).map((name) => join(folder, name))];
  const times = await Promise.all(
    files.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times) < Date.now() - LEFT_OVER_MS;
}
