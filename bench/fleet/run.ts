/**
 * What a new build of the vulnerability data costs a fleet: 10,000 images of 400 packages on PostgreSQL, 1,000 images on
 * the embedded database. Prints seconds from the switch until the last event is in the outbox, in one line of JSON for
 * each; `processor` are the seconds computed by this process and the server, whatever else the machine did. Targets: everything matched again ≤ 15 s, a build that touches 1 % of the names ≤ 2 s.
 *
 *   node bench/fleet/run.ts [postgres|embedded] [images] [share of watched tags]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { DEFAULT_MATCH_SETTINGS, indexDelta, MATCHER_VERSION } from '#engine/vulnerabilities/index.ts';
import { createFindingService, type RematchResult } from '#features/findings/index.ts';
import { openDatabase } from '#platform/database/index.ts';
import type { Database } from '#platform/database/types.ts';
import { postgresPrograms, startPostgres } from '../../test/scale/backing.ts';
import { type GeneratedBuild, generateBuild } from './builds.ts';
import { type FleetSize, generateFleet } from './fleet.ts';
import { processorSeconds } from './processor-seconds.ts';

const kinds = process.argv[2] ? [process.argv[2]] : ['postgres', 'embedded'];
const watched = Number(process.argv[4] ?? 0.1);
let dataFolder: string | undefined;

for (const kind of kinds) {
  const folder = mkdtempSync(join(tmpdir(), 'windlass-fleet-'));
  const programs = kind === 'postgres' ? postgresPrograms() : undefined;
  if (kind === 'postgres' && !programs) {
    console.log(JSON.stringify({ kind, skipped: 'PostgreSQL 15 or newer is not installed' }));
    continue;
  }
  const server = programs ? await startPostgres(folder, programs) : undefined;
  dataFolder = server && join(folder, 'postgres');
  const database = await openDatabase({
    server: { data_dir: folder },
    database: {
      ...(server ? { url: server.url } : {}),
      pool_size: 8,
      connect_timeout_seconds: 20,
      checkpoint_seconds: 3_600,
      maintenance_seconds: 3_600,
    },
  } as Parameters<typeof openDatabase>[0]);
  const end = async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => void end().then(() => process.exit(1));
  process.once('SIGTERM', interrupted).once('SIGINT', interrupted);
  try {
    const images = Number(process.argv[3] ?? (kind === 'postgres' ? 10_000 : 1_000));
    console.log(JSON.stringify({ kind, ...(await measure(database, folder, images)) }));
  } finally {
    await database.close();
    await end();
    process.off('SIGTERM', interrupted).off('SIGINT', interrupted);
  }
}

async function measure(database: Database, folder: string, images: number) {
  const size: FleetSize = {
    images,
    packagesPerImage: 400,
    distinctPackages: images * 10,
    names: images * 2,
    accounts: 5,
    watched,
  };
  await generateFleet(database, size);
  const before = await generateBuild(folder, 'before', size.names, () => false);
  const after = await generateBuild(folder, 'after', size.names, (name) => name % 100 === 7);
  const known = [before, after];
  const keys = await compare(before, after);
  const first = await bring(database, before, []);
  await sql`vacuum analyze`.execute(database.db);
  const full = await bring(database, after, []);
  await sql`vacuum analyze`.execute(database.db);
  const back = await bring(database, before, known);
  await sql`delete from event`.execute(database.db);
  const delta = await bring(database, after, known);
  const { rows } = await sql<{ events: number; bytes: number; open: number; bridge: number }>`
    select (select count(*)::int from event) as events, (select sum(length(details::text))::int from event) as bytes,
           (select count(*)::int from package_match where closed_at is null) as open,
           (select count(*)::int from analysis_package) as bridge`.execute(database.db);
  return { ...size, ...rows[0], keys, first, full, back, delta, ratio: round(delta.seconds / full.seconds) };
}

async function compare(before: GeneratedBuild, after: GeneratedBuild) {
  const [from, to] = [before.open(), after.open()];
  const started = performance.now();
  const { packages, details } = await indexDelta(from, to);
  const seconds = (performance.now() - started) / 1000;
  let compared = 0;
  for (const kind of ['match', 'detail'] as const) compared += [...to.contentHashes(kind)].length;
  await Promise.all([from.close(), to.close()]);
  return { compared, packages: packages.changed.length, details: details.added.length, seconds: round(seconds) };
}

async function bring(database: Database, to: GeneratedBuild, known: GeneratedBuild[]) {
  const index = to.open();
  const findings = createFindingService({
    database,
    currentIndex: () => index,
    settings: DEFAULT_MATCH_SETTINGS,
    matcherVersion: MATCHER_VERSION,
    changed: async () => undefined,
  } as unknown as Parameters<typeof createFindingService>[0]);
  const busy = processorSeconds(dataFolder);
  const started = performance.now();
  const result: RematchResult = await findings.rematch(index, {
    openFormer: async (checksum) => known.find((build) => build.checksum === checksum)?.open(),
  });
  const seconds = (performance.now() - started) / 1000;
  const processor = processorSeconds(dataFolder) - busy;
  await index.close();
  const { kind, matched, opened, closed, refreshed } = result;
  return { kind, seconds: round(seconds), processor: round(processor), matched, opened, closed, refreshed };
}

function round(value: number): number {
  return Number(value.toFixed(value < 1 ? 3 : 2));
}
