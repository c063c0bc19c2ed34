import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIndex, DEFAULT_MATCH_SETTINGS, fetchDatabase, openIndex } from '#engine/vulnerabilities/index.ts';
import type { MatchablePackage } from '#engine/vulnerabilities/types.ts';

/**
 * Claim: one core matches at least 200,000 distinct packages a second from a warm index, at a few findings each, and an index is built at
 * 100,000 records a second. Run: `node bench/matching.ts [folder or archive of a vulnerability database]`.
 */
const location = process.argv[2] ?? join(import.meta.dirname, '../../shared/data/vulnerability-db/build-2');
const directory = await mkdtemp(join(tmpdir(), 'windlass-bench-'));
let count = 0;
const offline = { request: () => Promise.reject(new Error('this benchmark reads local files only')) };

try {
  const fetched = await fetchDatabase({ location, directory, fetcher: offline });
  if (!fetched) throw new Error('no database');
  const started = performance.now();
  let records = 0;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const built = await buildIndex({
    database: fetched.databasePath,
    checksum: fetched.checksum,
    directory,
    onProgress: (progress) => {
      records = progress.total;
    },
  });
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `index: ${records} records in ${seconds.toFixed(1)} s = ${Math.round(records / seconds)} records/s, peak RSS ${Math.round(peak / 1e6)} MB`,
  );

  const index = openIndex(built.directory, { records: 2_000_000, names: 400_000 });
  const packages = await samplePackages(fetched.databasePath);
  const lookup = measure(() => {
    for (const pkg of packages) index.affectedPackages(pkg.name);
  });
  const cold = measure(() => matchAll(index, packages));
  const rounds = Array.from({ length: 7 }, () => measure(() => matchAll(index, packages))).sort((a, b) => a - b);
  const warm = rounds[3] ?? 0;
  let matches = 0;
  for (const pkg of packages) matches += index.match(pkg, DEFAULT_MATCH_SETTINGS).matches.length;
  console.log(`distinct packages: ${packages.length}, matches: ${matches}`);
  const few = packages.filter((pkg) => index.match(pkg, DEFAULT_MATCH_SETTINGS).matches.length <= 4);
  count = few.length;
  const usual = Array.from({ length: 7 }, () => measure(() => matchAll(index, few))).sort((a, b) => a - b)[3] ?? 0;
  console.log(`one index look-up per name: ${Math.round(lookup)} packages/s`);
  console.log(`match, cold caches: ${Math.round(cold)} packages/s`);
  console.log(`match, warm, packages with up to 4 findings: ${Math.round(usual)} packages/s`);
  console.log(
    `match, warm, all: ${Math.round(warm)} packages/s (${(warm / lookup).toFixed(2)} x of one look-up per name)`,
  );
  await index.close();
  for (const [packageCount, budget] of [
    [2440, 80],
    [2131, 360],
  ] as const) {
    // A list as an image has it: one distribution, met for the first time.
    const list = packages.filter((pkg) => pkg.distro?.id === 'ubuntu').slice(0, packageCount);
    const fresh = openIndex(built.directory);
    const first = milliseconds(() => matchAll(fresh, list));
    const again = milliseconds(() => matchAll(fresh, list));
    const hits = list.reduce((sum, pkg) => sum + fresh.match(pkg, DEFAULT_MATCH_SETTINGS).matches.length, 0);
    console.log(
      `list of ${list.length} packages, ${hits} findings: ${first.toFixed(0)} ms cold, ${again.toFixed(0)} ms warm (budget ${budget} ms)`,
    );
    await fresh.close();
  }
  await fetched.dispose();
} finally {
  await rm(directory, { recursive: true, force: true });
}

function matchAll(index: ReturnType<typeof openIndex>, packages: readonly MatchablePackage[]): void {
  for (const pkg of packages) index.match(pkg, DEFAULT_MATCH_SETTINGS);
}

function milliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function measure(run: () => void): number {
  // Time of the processor: the claim is about one core, whatever else runs on the machine.
  return (count / milliseconds(run)) * 1000;
}

/** One package per name and release of the database, with the version of one of its ranges or one shortly before. */
async function samplePackages(database: string): Promise<MatchablePackage[]> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(database, { readOnly: true });
  const rows = db
    .prepare(
      `SELECT p.ecosystem AS ecosystem, p.name AS name, o.release_id AS id, o.major_version AS major, o.minor_version AS minor, b.value AS value
       FROM (SELECT min(rowid) AS first, package_id, operating_system_id FROM affected_package_handles GROUP BY package_id, operating_system_id) g
       JOIN affected_package_handles a ON a.rowid = g.first JOIN packages p ON p.id = g.package_id JOIN blobs b ON b.id = a.blob_id
       LEFT JOIN operating_systems o ON o.id = g.operating_system_id WHERE o.minor_version IS NULL OR o.minor_version = '' OR o.release_id <> 'rhel'`,
    )
    .all() as Record<string, string | null>[];
  db.close();
  const packages = rows.map((row, at) => samplePackage(row, at));
  count = packages.length;
  return packages;
}

function samplePackage(row: Record<string, string | null>, at: number): MatchablePackage {
  const versions = [...(row.value ?? '').matchAll(/[<>]=? ?([^",|\s]+)/g)].map((match) => match[1] ?? '1');
  const version = versions[at % Math.max(versions.length, 1)] ?? '1.0';
  const type = (row.ecosystem ?? '').toLowerCase() as MatchablePackage['type'];
  const release = [row.major, row.minor].filter((part) => part !== null && part !== '').join('.');
  const distro =
    row.id === null || row.id === undefined
      ? {}
      : { distro: { id: row.id === '' ? type : row.id, versionId: release, idLike: [], evidence: 'bench' } };
  return { type, name: row.name ?? '', version, upstreams: [], cpes: [], ...distro };
}
