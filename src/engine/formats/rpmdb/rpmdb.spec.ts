import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryContent } from '../../../../test/builders/memory-image.ts';
import { buildRpmHeader, buildRpmHeaders } from '../../../../test/builders/rpm-header.ts';
import { applyWal, parseRpmPackage, readRpmDatabase, readWal } from './index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rpmdb-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const NAMES = ['pkg-0', 'pkg-1', 'pkg-2', 'pkg-3', 'pkg-4', 'pkg-5'];

function names(bytes: Uint8Array): string[] {
  return readRpmDatabase(memoryContent(bytes))
    .packages.map(({ name }) => name)
    .sort();
}

function sqliteDatabase(file: string, headers: Buffer[]): DatabaseSync {
  const database = new DatabaseSync(join(scratch, file));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
  database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  for (const header of headers) insert.run(header);
  return database;
}

/** Writes an ndb file as rpm does: one slot page, then blobs. */
function ndbFile(headers: Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0);
  slots.writeUInt32LE(1, 12);
  for (let at = 32; at < 4096; at += 16) slots.write('Slot', at);
  const blobs: Buffer[] = [slots];
  let offset = 4096;
  for (const [i, header] of headers.entries()) {
    const blocks = Math.ceil((16 + header.length + 12) / 16);
    const blob = Buffer.alloc(blocks * 16);
    blob.write('BlbS', 0);
    blob.writeUInt32LE(i + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    let a = 1;
    let b = 0;
    for (const byte of blob.subarray(0, -12)) {
      a = (a + byte) % 65_521;
      b = (b + a) % 65_521;
    }
    blob.writeUInt32LE(b * 65_536 + a, blob.length - 12);
    blob.writeUInt32LE(header.length, blob.length - 8);
    blob.write('BlbE', blob.length - 4);
    slots.writeUInt32LE(i + 1, 36 + i * 16);
    slots.writeUInt32LE(offset / 16, 40 + i * 16);
    slots.writeUInt32LE(blocks, 44 + i * 16);
    blobs.push(blob);
    offset += blob.length;
  }
  return Buffer.concat(blobs);
}

describe('header', () => {
  it('reads all fields that matter', () => {
    const pkg = parseRpmPackage(buildRpmHeaders(4)[3] as Buffer);
    expect(pkg).toMatchObject({
      name: 'pkg-3',
      version: '1.3',
      release: '2.el9',
      epoch: 3,
      arch: 'noarch',
      summary: 'Prüfling',
      sourceRpm: 'source-3-1.3-2.el9.src.rpm',
      provides: ['pkg-3', 'capability(3)'],
    });
    expect(pkg?.files).toHaveLength(120);
    expect(pkg?.files[0]).toEqual({
      path: '/opt/pkg-3/file-1',
      digest: `sha256:${'ab'.repeat(32)}`,
      mode: '0644',
      user: 'root',
      group: 'root',
      size: 1,
      isConfig: true,
    });
  });

  it('tells epoch 0 from no epoch, and reads whole paths of old headers', () => {
    expect(parseRpmPackage(buildRpmHeaders(1)[0] as Buffer)?.epoch).toBe(0);
    const old = buildRpmHeader({ 1000: 'old', 1001: '1', 1002: '1', 1011: '(none)', 1027: ['/bin/old'] });
    expect(parseRpmPackage(old)).toMatchObject({ name: 'old', files: [{ path: '/bin/old' }] });
    expect(parseRpmPackage(old)).not.toHaveProperty('epoch');
    expect(parseRpmPackage(old)).not.toHaveProperty('vendor');
  });

  it('refuses what is no header', () => {
    expect(parseRpmPackage(new Uint8Array(4))).toBeUndefined();
    expect(parseRpmPackage(Buffer.from('ffffffffffffffff', 'hex'))).toBeUndefined();
    expect(parseRpmPackage(buildRpmHeader({ 1000: 'no-version' }))).toBeUndefined();
  });
});

describe('sqlite', () => {
  it('reads rows that SQLite wrote, with interior and overflow pages', () => {
    const database = sqliteDatabase('many.sqlite', Array.from({ length: 60 }, () => buildRpmHeaders(6)).flat());
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const read = readRpmDatabase(memoryContent(readFileSync(join(scratch, 'many.sqlite'))));
    expect(read.errors).toEqual([]);
    expect(read.packages).toHaveLength(360);
    database.close();
  });

  it('sees what only the write-ahead log holds, and what it deletes', () => {
    const database = sqliteDatabase('wal.sqlite', buildRpmHeaders(6));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = readFileSync(join(scratch, 'wal.sqlite'));
    database
      .prepare('INSERT INTO Packages (blob) VALUES (?)')
      .run(buildRpmHeader({ 1000: 'late', 1001: '1', 1002: '1' }));
    database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(buildRpmHeaders(40)[39] as Buffer);
    database.exec('DELETE FROM Packages WHERE hnum = 2');
    const wal = readWal(readFileSync(join(scratch, 'wal.sqlite-wal')));
    database.close();
    const base = structuredClone(readRpmDatabase(memoryContent(before)));
    expect(base.packages.map(({ name }) => name).sort()).toEqual(NAMES);
    const joined = applyWal(base, wal ?? expect.fail('no committed frames'));
    expect(joined.errors).toEqual([]);
    expect(joined.packages.map(({ name }) => name).sort()).toEqual([
      'late',
      'pkg-0',
      'pkg-2',
      'pkg-3',
      'pkg-39',
      'pkg-4',
      'pkg-5',
    ]);
  });

  it('reads a database that exists in the log only', () => {
    const database = sqliteDatabase('log-only.sqlite', buildRpmHeaders(6));
    const wal = readWal(readFileSync(join(scratch, 'log-only.sqlite-wal')));
    const main = readFileSync(join(scratch, 'log-only.sqlite'));
    database.close();
    const joined = applyWal(readRpmDatabase(memoryContent(main)), wal ?? expect.fail('no committed frames'));
    expect(joined.packages.map(({ name }) => name).sort()).toEqual(NAMES);
  });

  it('ignores frames that were not committed or are damaged', () => {
    const database = sqliteDatabase('torn.sqlite', buildRpmHeaders(3));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(buildRpmHeaders(30)[29] as Buffer);
    const log = Buffer.from(readFileSync(join(scratch, 'torn.sqlite-wal')));
    database.close();
    expect(readWal(log)?.pages.size).toBeGreaterThan(0);
    log.writeUInt8((log[log.length - 1] as number) ^ 1, log.length - 1);
    expect(readWal(log)).toBeUndefined();
    expect(readWal(log.subarray(0, 40))).toBeUndefined();
  });

  it('keeps rows beside damaged pages and says so', () => {
    const database = sqliteDatabase('damaged.sqlite', Array.from({ length: 20 }, () => buildRpmHeaders(6)).flat());
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const bytes = readFileSync(join(scratch, 'damaged.sqlite'));
    for (let page = 5; page < bytes.length / 4096; page += 7) bytes.fill(0xa5, page * 4096, page * 4096 + 4096);
    const read = readRpmDatabase(memoryContent(bytes.subarray(0, bytes.length - 5000)));
    expect(read.errors.length).toBeGreaterThan(0);
    expect(read.packages.length).toBeGreaterThan(10);
  });
});

describe('ndb', () => {
  it('reads every slot', () => expect(names(ndbFile(buildRpmHeaders(6)))).toEqual(NAMES));

  it('leaves out blobs with a wrong checksum', () => {
    const bytes = ndbFile(buildRpmHeaders(3));
    bytes[4096 + 60] = (bytes[4096 + 60] as number) ^ 0xff;
    const read = readRpmDatabase(memoryContent(bytes));
    expect(read.packages.map(({ name }) => name)).toEqual(['pkg-1', 'pkg-2']);
    expect(read.errors).toEqual(['package 1: checksum of the blob is wrong']);
  });
});

describe('bdb', () => {
  for (const order of ['little', 'big']) {
    it(`reads a ${order}-endian hash file`, () => {
      expect(names(gunzipSync(readFileSync(new URL(`fixtures/bdb-${order}.gz`, import.meta.url))))).toEqual(NAMES);
    });
  }

  it('reports a file that was cut off, and keeps the rest', () => {
    const bytes = gunzipSync(readFileSync(new URL('fixtures/bdb-little.gz', import.meta.url)));
    const read = readRpmDatabase(memoryContent(bytes.subarray(0, bytes.length - 8192)));
    expect(read.errors.length).toBeGreaterThan(0);
    expect(read.packages.length).toBeGreaterThan(0);
  });

  const loader = spawnSync('db5.3_load', ['-V']).status === 0;
  it.skipIf(!loader)('reads what db5.3_load writes (skipped when the program is absent)', () => {
    const headers = buildRpmHeaders(6);
    for (const [order, number] of [
      ['l', '1234'],
      ['b', '4321'],
    ] as const) {
      const hex = (bytes: Uint8Array): string => ` ${Buffer.from(bytes).toString('hex')}`;
      const rows = headers.flatMap((header, i) => [hex(Buffer.from([i + 1, 0, 0, 0])), hex(header)]);
      const dump = [
        'VERSION=3',
        'format=bytevalue',
        'type=hash',
        'db_pagesize=4096',
        `db_lorder=${number}`,
        'HEADER=END',
        ...rows,
        'DATA=END',
        '',
      ];
      const file = join(scratch, `Packages-${order}`);
      execFileSync('db5.3_load', [file], { input: dump.join('\n') });
      expect(names(readFileSync(file))).toEqual(NAMES);
    }
  });
});

describe('hostile input', () => {
  const files = [
    ndbFile(buildRpmHeaders(4)),
    gunzipSync(readFileSync(new URL('fixtures/bdb-little.gz', import.meta.url))).subarray(0, 40_000),
  ];
  it('ends with any damage', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(40_000), fc.nat(255)), { maxLength: 30 }),
        fc.nat(40_000),
        (file, edits, length) => {
          const bytes = Buffer.from(file.subarray(0, length));
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          readRpmDatabase(memoryContent(bytes));
        },
      ),
      { numRuns: 200 },
    );
  });
});
