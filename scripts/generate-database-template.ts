/**
 * Writes src/platform/database/embedded/template.zst: the cluster folder of the embedded database as initdb makes it.
 * Run it after every change of the version of @electric-sql/pglite: node scripts/generate-database-template.ts
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { packFolder } from '../src/platform/database/embedded/archive.ts';
import { ENGINE_MAJOR, templatePath } from '../src/platform/database/embedded/cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-template-'));
const cluster = join(folder, 'cluster');
try {
  const engine = await PGlite.create({ dataDir: cluster, initDbStartParams: ['--wal-segsize=4'] });
  // Nobody creates databases in it: without the two templates there is a third of the files to write at the first start.
  await engine.exec('UPDATE pg_database SET datistemplate = false');
  for (const name of ['template0', 'template1']) await engine.exec(`DROP DATABASE ${name}`);
  await engine.exec('VACUUM (FREEZE, ANALYZE)');
  await engine.exec('CHECKPOINT');
  await engine.close();
  const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (major !== ENGINE_MAJOR) throw new Error(`the engine is PostgreSQL ${major}: change ENGINE_MAJOR in cluster.ts`);
  const packed = packFolder(cluster);
  writeFileSync(templatePath, packed);
  console.log(`${templatePath}: ${(packed.length / 1024 / 1024).toFixed(1)} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
