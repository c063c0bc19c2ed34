import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { KubernetesInventory } from '#contract/kubernetes.ts';
import { createInventoryService, imagesAsArray } from '#features/inventory/index.ts';
import { loadConfig } from '#platform/config/index.ts';
import { openDatabase } from '#platform/database/index.ts';

/**
 * Claims, on PostgreSQL: a report of 50,000 containers is stored in 10 seconds at most, the same report again takes a fifth
 * of that at most, and a list of 100,000 rows needs less than 300 MB. The floor is COPY of the same rows into the same tables.
 * Run: `TEST_DATABASE_URL=postgres://… node bench/inventory.ts`; the user must be a superuser of a server on this machine.
 */
const server = process.env.TEST_DATABASE_URL;
if (!server) throw new Error('set TEST_DATABASE_URL');
const NAMESPACES = 200;
const PODS = 125;

if (process.argv[2] === 'list') await list(process.argv[3]!);
else await main(server);

async function main(address: string): Promise<void> {
  const name = `windlass_bench_${process.pid}`;
  const url = new URL(address);
  await administer(address, `create database ${name}`);
  url.pathname = `/${name}`;
  const folder = mkdtempSync(join(tmpdir(), 'windlass-bench-'));
  chmodSync(folder, 0o755);
  try {
    const database = await open(url.toString());
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    await client.query(`insert into account (name, type) values ('bench', 'user')`);
    const inventory = createInventoryService({ database, retention: () => ({ ttlDays: 120, overwrite: false }) });
    const send = async (text: string) => {
      const started = performance.now();
      await inventory.ingestKubernetesReport('bench', KubernetesInventory.parse(JSON.parse(text)));
      return (performance.now() - started) / 1000;
    };
    const first = await send(report('2026-01-01T00:00:00Z', 0));
    const again = await send(report('2026-01-01T00:05:00Z', 0));
    const changed = await send(report('2026-01-01T00:10:00Z', NAMESPACES / 20));
    const copied = await copyFloor(client, folder);
    console.log(
      `report of ${NAMESPACES * PODS * 2} containers: ${first.toFixed(2)} s (${(first / copied).toFixed(1)} x COPY: ${copied.toFixed(2)} s)`,
    );
    console.log(`unchanged: ${again.toFixed(2)} s (${Math.round((100 * again) / first)} %)`);
    console.log(`5 % of the namespaces changed: ${changed.toFixed(2)} s (${Math.round((100 * changed) / first)} %)`);
    await client.query(`insert into inventory_image (account, context_id, image_tag, image_digest, created_at, last_updated)
      select 'bench', id, 'registry.example/bulk/' || n || ':1', 'sha256:' || md5(n::text) || md5(n::text), now(), now()
      from (select id from inventory_context order by id limit 100) c, generate_series(1, 1000) n`);
    const child = fork(import.meta.filename, ['list', url.toString()]);
    await once(child, 'exit');
    await client.end();
    await database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await administer(address, `drop database ${name} with (force)`);
  }
}

function open(url: string) {
  return openDatabase(loadConfig({ env: { DATABASE_URL: url }, file: '/dev/null' }), { onError: console.error });
}

async function administer(address: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** The rows of the report written by COPY into tables with the same keys and foreign keys. */
async function copyFloor(client: pg.Client, folder: string): Promise<number> {
  let seconds = 0;
  for (const table of ['inventory_pod', 'inventory_container', 'inventory_image']) {
    const file = join(folder, `${table}.copy`);
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    await client.query(`copy ${table} to '${file}'`);
    await client.query(`create table copy_${table} (like ${table} including all,
      foreign key (account, context_id) references inventory_context (account, id))`);
    const started = performance.now();
    await client.query(`copy copy_${table} from '${file}'`);
    seconds += (performance.now() - started) / 1000;
  }
  return seconds;
}

/** Reads the whole list and tells the peak of the memory of this process. */
async function list(url: string): Promise<void> {
  const database = await open(url);
  const inventory = createInventoryService({ database, retention: () => ({ ttlDays: 120, overwrite: false }) });
  const started = performance.now();
  let bytes = 0;
  let peak = 0;
  for await (const chunk of imagesAsArray(inventory, 'bench', {})) {
    bytes += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `list of ${Math.round(bytes / 1e6)} MB in ${seconds.toFixed(1)} s, peak RSS ${Math.round(peak / 1e6)} MB`,
  );
  await database.close();
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A report as agents send it; a container more in the first `changed` namespaces. */
function report(timestamp: string, changed: number): string {
  const namespaces = Array.from({ length: NAMESPACES }, (_, n) => ({
    uid: uuid(`ns ${n}`),
    name: `team-${n}`,
    labels: { n: `${n}` },
  }));
  const pods = namespaces.flatMap((namespace, n) =>
    Array.from({ length: PODS }, (_, p) => ({
      uid: uuid(`pod ${n} ${p}`),
      name: `web-${p % 25}-5d8f7c9b6d-x2x${p}`,
      namespace_uid: namespace.uid,
      labels: { app: `web-${p % 25}`, 'pod-template-hash': '5d8f7c9b6d', 'app.kubernetes.io/part-of': `team-${n}` },
      annotations: { 'prometheus.io/scrape': 'true', 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' },
    })),
  );
  const containers = pods.flatMap((pod, index) => {
    const count = index % PODS === 0 && index / PODS < changed ? 3 : 2;
    return Array.from({ length: count }, (_, c) => ({
      id: `containerd://${createHash('sha256').update(`${pod.uid} ${c}`).digest('hex')}`,
      name: `c${c}`,
      image_tag: `registry.example/team/app-${index % 25}-${c}:1.25`,
      image_digest: `sha256:${createHash('sha256')
        .update(`${index % 25} ${c}`)
        .digest('hex')}`,
      pod_uid: pod.uid,
    }));
  });
  return JSON.stringify({ cluster_name: 'bench', timestamp, namespaces, pods, containers });
}
