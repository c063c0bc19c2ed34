/**
 * How fast an index is built, and what memory that takes: `node bench/feeds.ts [database.db] [--records 4000000]`.
 * Without a database one of the size of the public one is generated first.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { writeIndex } from '../src/engine/vulnerabilities/build/write-index.ts';
import { writeSampleDatabase } from '../src/engine/vulnerabilities/sample-database.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { records: { type: 'string', default: '4000000' } },
});
const directory = mkdtempSync(join(tmpdir(), 'windlass-bench-'));

/** Rows as they are spread in the public database: many releases share their ranges, a name has a few flaws. */
function generate(path: string, records: number): void {
  writeSampleDatabase(path, { records: [] });
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  const names = Math.ceil(records / 27);
  const flaws = Math.ceil(records / 13);
  const count = (n: number): string => `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${n})`;
  db.exec(`
    BEGIN;
    ${count(40)} INSERT INTO operating_systems SELECT n, 'system' || n % 8, 'id' || n % 8, n / 8, '', '', '', '', NULL, NULL FROM i;
    ${count(names)} INSERT INTO packages SELECT n, CASE n % 3 WHEN 0 THEN 'rpm' WHEN 1 THEN 'deb' ELSE 'npm' END, 'package-' || n FROM i;
    ${count(flaws)} INSERT INTO blobs SELECT n, json_object('id', 'CVE-2020-' || n, 'description', hex(zeroblob(120)), 'aliases', json_array('GHSA-' || n)) FROM i;
    ${count(flaws)} INSERT INTO vulnerability_handles SELECT n, 'CVE-2020-' || n, 'active', '2026-01-02 00:00:00+00:00', '2026-01-02 00:00:00+00:00', NULL, 'provider-' || n % 9, n FROM i;
    ${count(flaws)} INSERT INTO blobs SELECT ${flaws} + n, '{"ranges":[{"version":{"type":"rpm","constraint":"< 0:' || n % 997 || '.' || n || '-1"},"fix":{"version":"0:' || n || '-1","state":"fixed"}}]}' FROM i;
    ${count(records)} INSERT INTO affected_package_handles
      SELECT n, 1 + (n / 5 * 7919) % ${flaws}, CASE (n / 27) % 3 WHEN 2 THEN NULL ELSE 1 + n % 39 END, 1 + n / 27 % ${names}, ${flaws} + 1 + (n / 5 * 7919) % ${flaws} FROM i;
    COMMIT;`);
  db.close();
}

try {
  const database = positionals[0] ?? join(directory, 'generated.db');
  if (!existsSync(database)) generate(database, Number(values.records));
  const target = join(directory, 'index');
  mkdirSync(target);
  const before = process.cpuUsage();
  const start = performance.now();
  let total = 0;
  const phases: Record<string, number> = {};
  let [phase, since] = ['', start];
  await writeIndex({
    database,
    further: [],
    directory: target,
    checksum: 'bench',
    onProgress: (progress) => {
      total = progress.total;
      if (progress.phase === phase) return;
      if (phase !== '') phases[phase] = Math.round(performance.now() - since);
      [phase, since] = [progress.phase, performance.now()];
    },
    check: () => undefined,
  });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  console.log({
    records: total,
    seconds: Number(seconds.toFixed(1)),
    recordsPerSecond: Math.round(total / seconds),
    recordsPerCpuSecond: Math.round(total / ((user + system) / 1e6)),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    milliseconds: phases,
  });
} finally {
  rmSync(directory, { recursive: true, force: true });
}
