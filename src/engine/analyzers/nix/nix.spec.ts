import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryContent, runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { binaryAnalyzer } from '../binary/index.ts';
import { readNixDatabase } from './database.ts';
import { nixAnalyzer } from './index.ts';
import { splitStoreName } from './store-path.ts';

const H = (digit: number): string => String(digit).repeat(32);
const STORE = '/nix/store';
const CURL = `${STORE}/${H(1)}-curl-8.7.1`;
const CURL_BIN = `${STORE}/${H(2)}-curl-8.7.1-bin`;
const ZLIB = `${STORE}/${H(3)}-zlib-1.3.1`;
const DB = '/nix/var/nix/db/db.sqlite';

function database(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'nix-'));
  try {
    const db = new DatabaseSync(join(directory, 'db.sqlite'));
    db.exec(`create table ValidPaths (id integer primary key autoincrement not null, path text unique not null, hash text not null,
        registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text, ca text);
      create table Refs (referrer integer not null, reference integer not null, primary key (referrer, reference));
      create table DerivationOutputs (drv integer not null, id text not null, path text not null, primary key (drv, id));`);
    const insert = db.prepare('insert into ValidPaths values (?, ?, ?, 1, ?, ?, null, null, null)');
    const drv = `${STORE}/${H(9)}-curl-8.7.1.drv`;
    insert.run(1, ZLIB, 'sha256:aa', null, 100);
    insert.run(2, CURL, 'sha256:bb', drv, 2000);
    insert.run(3, CURL_BIN, 'sha256:cc', drv, 300);
    insert.run(4, drv, 'sha256:dd', null, 1);
    insert.run(5, `${STORE}/${H(4)}-gone-1.0`, 'sha256:ee', null, 1);
    insert.run(6, `${STORE}/${H(5)}-fix-1.2.patch`, 'sha256:ff', null, 1);
    db.exec(`insert into Refs values (2, 1), (3, 2), (2, 2), (4, 1), (2, 77);
      insert into DerivationOutputs values (4, 'out', '${CURL}'), (4, 'bin', '${CURL_BIN}');`);
    db.close();
    return readFileSync(join(directory, 'db.sqlite'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const SQLITE = database();
const PROGRAM = Buffer.concat([
  Buffer.from('\x7fELF\x02\x01\x01', 'latin1'),
  Buffer.alloc(64),
  Buffer.from('curl/8.7.1\0'),
]);
const FILES = {
  [DB]: SQLITE,
  [`${ZLIB}/lib/libz.so`]: 'x',
  [`${CURL}/lib/libcurl.so`]: { link: 'libcurl.so.4' },
  [`${CURL_BIN}/bin/curl`]: PROGRAM,
  [`${STORE}/${H(5)}-fix-1.2.patch`]: 'x',
};

describe('nix', () => {
  it('reads packages, outputs, files and references of the database', () => {
    const { packages, relationships } = analyzeFiles(nixAnalyzer, FILES);
    expect(rows(packages)).toEqual([`zlib@1.3.1 ${ZLIB}`, `curl@8.7.1 ${CURL}`, `curl@8.7.1 ${CURL_BIN}`]);
    expect(packages[2]).toMatchObject({
      type: 'nix',
      purl: `pkg:nix/curl@8.7.1?drvpath=${H(9)}-curl-8.7.1.drv&output=bin&outputhash=${H(2)}`,
      size: 300,
      confidence: 'declared',
      metadata: { path: CURL_BIN, output: 'bin', outputHash: H(2) },
      files: [{ path: `${CURL_BIN}/bin/curl` }],
    });
    expect(packages[1]?.metadata.output).toBeUndefined();
    expect(relationships).toHaveLength(2);
  });

  it('owns what lies in the store', () => {
    expect(runAnalyzers([binaryAnalyzer, nixAnalyzer], FILES).packages.map(({ type }) => type)).toEqual([
      'nix',
      'nix',
      'nix',
    ]);
  });

  it('goes by names where there is no database', () => {
    const { [DB]: _, ...files } = FILES;
    const { packages } = analyzeFiles(nixAnalyzer, files);
    expect(packages.map(({ name, confidence }) => [name, confidence])).toEqual([
      ['zlib', 'heuristic'],
      ['curl', 'heuristic'],
      ['curl', 'heuristic'],
    ]);
  });

  it.each([
    ['curl-8.7.1-bin', 'curl', '8.7.1', 'bin'],
    ['perl5.38.2-TimeDate-2.33', 'perl5.38.2-TimeDate', '2.33', ''],
    ['python3.11-requests-2.31.0-dist', 'python3.11-requests', '2.31.0', 'dist'],
    ['glibc-2.38-27', 'glibc', '2.38-27', ''],
    ['hello-unstable-2024-01-02', 'hello', 'unstable-2024-01-02', ''],
    ['hello-0-unstable-2024-01-02', 'hello', '0-unstable-2024-01-02', ''],
    ['openssl-3.0.13-devdoc', 'openssl', '3.0.13', 'devdoc'],
    ['nix-2.18.1', 'nix', '2.18.1', ''],
  ])('splits %s', (rest, name, version, output) => {
    expect(splitStoreName(`${H(1)}-${rest}`)).toEqual({ hash: H(1), name, version, output });
  });

  it.each([
    'curl-8.7.1.drv',
    'zlib-1.3.1.tar.gz',
    'fix-1.2.patch',
    'builder.sh',
    'source',
    'bash-interactive',
    'die-hook',
    'go-1.2-go-modules',
    '-1.0',
    `a-1${'0'.repeat(300)}`,
  ])('is no package: %s', (rest) => {
    expect(splitStoreName(`${H(1)}-${rest}`)).toBeUndefined();
    expect(splitStoreName(rest)).toBeUndefined();
  });

  it('says what a damaged database hides, and goes on by names', () => {
    const broken = Buffer.from(SQLITE);
    broken.fill(0xff, 4096);
    const { packages, problems } = analyzeFiles(nixAnalyzer, { ...FILES, [DB]: broken });
    expect(packages).toHaveLength(3);
    expect(problems).toMatchObject([{ code: 'package-database-unreadable', severity: 'partial', path: DB }]);
  });

  it('survives damage anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(SQLITE.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(SQLITE);
        for (const [at, value] of changes) bytes[at] = value;
        readNixDatabase(memoryContent(bytes));
      }),
      { numRuns: 60 },
    );
  });
});
