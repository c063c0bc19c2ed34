/**
 * Reads a generated ARF report in a thread and stores what it says: `node bench/compliance.ts [megabytes]`.
 * Ends with 1 when a report of 32 MB takes more than 2 s to read.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { readInThread } from '#engine/compliance/index.ts';
import { insertCheck, storeReport } from '#features/compliance/store.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { arf } from '../test/builders/compliance.ts';

const MEGABYTE = 1024 ** 2;
const LIMIT_MS = 2_000;
const RULES = 1_440;
const megabytes = Number(process.argv[2] ?? 32);

const outcomes = ['notselected', 'notselected', 'notselected', 'notapplicable', 'pass', 'fail'];
const rules = Array.from({ length: RULES }, (_, number) => ({
  id: `xccdf_org.example_rule_${number}`,
  result: outcomes[number % outcomes.length]!,
  title: `Rule ${number} of a generated benchmark`,
}));
const test = (number: number) =>
  `<test test_id="oval:org.example:tst:${number}" version="1" check="all" result="true"><tested_item item_id="${number}" result="true"/></test>\n`;
const bare = arf({ rules }).length;
const padding: string[] = [];
for (let size = bare, number = 0; size < megabytes * MEGABYTE; number += 1) {
  const element = test(number);
  padding.push(element);
  size += element.length;
}

const folder = mkdtempSync(join(tmpdir(), 'windlass-bench-'));
const database = await testDatabase();
try {
  const plain = join(folder, 'arf.xml');
  const packed = `${plain}.zst`;
  writeFileSync(plain, arf({ rules }, padding.join('')));
  const compressing = await timed(() =>
    pipeline(createReadStream(plain), createZstdCompress(), createWriteStream(packed)),
  );
  const [size, stored] = [statSync(plain).size, statSync(packed).size];
  print(`report of ${(size / MEGABYTE).toFixed(1)} MB, ${RULES} rules, stored as ${(stored / MEGABYTE).toFixed(1)} MB`);
  print(`compress            ${compressing.ms} ms`);
  const read = () => readInThread({ kind: 'report', path: packed, compressed: true }, { timeoutMs: 60_000 });
  const first = await timed(read);
  const second = await timed(read);
  print(`read in a thread    ${first.ms} ms, again ${second.ms} ms`);
  const convert = () => readInThread({ kind: 'convert', path: packed, compressed: true }, { timeoutMs: 60_000 });
  const hdf = await timed(convert);
  print(`convert to HDF      ${hdf.ms} ms, ${(hdf.value.length / MEGABYTE).toFixed(1)} MB`);
  await database.db.insertInto('account').values({ name: 'bench', type: 'user' }).execute();
  for (const label of ['store, new rules   ', 'store, known rules ']) {
    const uuid = crypto.randomUUID();
    const form = { checkType: 'oscap' as const, imageDigest: `sha256:${'0'.repeat(64)}` };
    await insertCheck(database.db, 'bench', { uuid, form, createdBy: 'bench', state: 'pending' }, []);
    const storing = await timed(() => database.transaction((tx) => storeReport(tx, 'bench', uuid, second.value)));
    print(`${label} ${storing.ms} ms`);
  }
  const best = Math.min(first.ms, second.ms);
  if (megabytes <= 32 && best > LIMIT_MS) {
    print(`too slow: ${best} ms, at most ${LIMIT_MS} ms are wanted`);
    process.exitCode = 1;
  }
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: Math.round(performance.now() - start), value };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
