import { FeedError } from '#engine/vulnerabilities/index.ts';
import { appendEvent } from '#features/events/index.ts';
import { SWITCH_CHANNEL } from './current-index.ts';
import { afterSwitch } from './install.ts';
import { currentBuild, findBuild, previousBuild, rollbackBuild, switchBuild } from './store.ts';
import type { SyncDependencies } from './sync-dependencies.ts';
import type { SyncResult } from './sync-job.ts';

/** Switches to a build that is held, because a person says so. */
export async function approveBuild(
  deps: SyncDependencies,
  { checksum, by }: { checksum: string; by: string },
): Promise<SyncResult> {
  const build = await findBuild(deps.database.db, checksum);
  if (build?.state !== 'held') throw new FeedError('unreachable', `build ${checksum} is not held any more`);
  await deps.buildFromArchive(build);
  await deps.database.transaction(async (tx) => {
    await switchBuild(tx, checksum, by);
    await appendEvent(tx, {
      name: 'feed_build_approved',
      account: 'admin',
      resource_id: checksum,
      details: { by, reasons: build.reasons },
    });
    await deps.enqueueRematch(tx);
    await deps.database.notify(tx, SWITCH_CHANNEL, checksum);
  });
  await afterSwitch(deps);
  return { changed: true, checksum, builtAt: build.built_at.toISOString() };
}

/** Switches back to the build before, and holds the one in use. */
export async function rollBack(deps: SyncDependencies, { by }: { by: string }): Promise<SyncResult> {
  const { db } = deps.database;
  const [from, to] = [await currentBuild(db), await previousBuild(db)];
  if (!from || !to) throw new FeedError('unreachable', 'there is no previous build to go back to');
  await deps.buildFromArchive(to);
  await deps.database.transaction(async (tx) => {
    await rollbackBuild(tx, from.checksum, to.checksum, by);
    await appendEvent(tx, {
      name: 'feed_build_rolled_back',
      account: 'admin',
      resource_id: to.checksum,
      details: { by, from: from.checksum },
    });
    await deps.enqueueRematch(tx);
    await deps.database.notify(tx, SWITCH_CHANNEL, to.checksum);
  });
  await afterSwitch(deps);
  return { changed: true, checksum: to.checksum, builtAt: to.built_at.toISOString() };
}
