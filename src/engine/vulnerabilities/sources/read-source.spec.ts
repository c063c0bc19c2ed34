import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildTar } from '#engine/formats/tar/tar-builder.ts';
import { buildZip } from '#engine/formats/zip/zip-builder.fixture.ts';
import { FeedError } from '../feed-error.ts';
import { readSource } from './read-source.ts';
import type { SourceItem } from './types.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'windlass-source-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const record = (id: string) => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, versions: ['1'] }],
});
const json = (value: unknown): string => JSON.stringify(value);

async function read(name: string): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of readSource(join(root, name), { name: 'test', scratch: root })) items.push(item);
  return items;
}

const shown = (items: SourceItem[]): string[] =>
  items.map((item) =>
    item.kind === 'advisory'
      ? `${item.advisory.provider} ${item.advisory.id}`
      : item.kind === 'anomaly'
        ? item.text
        : item.kind,
  );

function file(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

/** An OSV record packed by xz, for which this program has no packer. */
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AC2AJFdAD2IiSaBk1OFlvb/EnmjMStRWVzXvvwSRprFo3vxpVVkRRSrRdf1RY/bdL45pCHgbHqtoKCNjV0n+YUgu9Wu9KAoJEQslJUF4tR3T5yv/fcXkN3Y3iFpXFXppdW6DrDZKE+a0bZ3Gc6nAdcuFl/GAWbP/LwR1lBju0tP5Ojev3umXx56utOpHjQuYoR8gqZaDAAAAAAA9XOtRpYdl6IAAa0BtwEAAEnj0NqxxGf7AgAAAAAEWVo=';

describe('readSource', () => {
  it.each<[string, () => string | Uint8Array, string[]]>([
    ['one.json', () => JSON.stringify(record('PYSEC-1'), undefined, 2), ['pysec PYSEC-1']],
    ['many.json', () => json([record('PYSEC-1'), record('PYSEC-2')]), ['pysec PYSEC-1', 'pysec PYSEC-2']],
    [
      'lines.jsonl',
      () => `${json(record('A-1'))}\n{oops\n${json(record('A-2'))}`,
      ['a A-1', 'unreadable JSON', 'a A-2'],
    ],
    ['unnamed', () => `${json(record('A-1'))}\n${json(record('A-2'))}\n`, ['a A-1', 'a A-2']],
    ['one.yaml', () => 'id: PYSEC-1\nmodified: 2026-01-01T00:00:00Z\naffected: []\n', ['pysec PYSEC-1']],
    ['packed.json.gz', () => gzipSync(json(record('A-1'))), ['a A-1']],
    ['packed.json.zst', () => zstdCompressSync(json(record('A-1'))), ['a A-1']],
    ['packed.json.xz', () => Buffer.from(XZ, 'base64'), ['pysec PYSEC-1']],
    [
      'all.zip',
      () =>
        buildZip([
          { name: 'A-1.json', content: json(record('A-1')) },
          { name: 'bad.json', content: '{' },
        ] as never),
      ['a A-1', 'unreadable JSON'],
    ],
    [
      'all.tar.gz',
      () =>
        gzipSync(
          buildTar([
            { name: './x/A-1.json', content: json(record('A-1')) },
            { name: 'README.md', content: '#' },
          ]),
        ),
      ['a A-1'],
    ],
    [
      'kev.json',
      () =>
        json({ catalogVersion: '1', dateReleased: '2026-01-01T00:00:00Z', vulnerabilities: [{ cveID: 'CVE-2026-1' }] }),
      ['provider', 'known-exploited'],
    ],
    [
      'epss.csv.gz',
      () =>
        gzipSync(
          '#model_version:v2025,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.1,0.9\nCVE-2026-2,x,1\n',
        ),
      ['provider', 'epss', 'unreadable EPSS line'],
    ],
    [
      'debian.json',
      () =>
        json([
          { cycle: '12', eol: '2028-06-30' },
          { cycle: '13', eol: false },
        ]),
      ['end-of-life'],
    ],
    [
      'full.json',
      () =>
        json({
          result: [
            { name: 'ubuntu', releases: [{ name: '22.04', eolFrom: '2027-04-01' }] },
            { name: 'php', releases: [{ name: '8', eolFrom: '2027-04-01' }] },
          ],
        }),
      ['end-of-life'],
    ],
    [
      'nvd.json',
      () => json({ format: 'NVD_CVE', vulnerabilities: [{ cve: { id: 'CVE-2026-1', configurations: [] } }] }),
      ['nvd CVE-2026-1'],
    ],
  ])('%s', async (name, content, expected) => {
    file(name, content());
    expect(shown(await read(name))).toEqual(expected);
  });

  it('reads folders of provider results, with the age that they tell', async () => {
    const envelope = {
      schema: 'https://s.invalid/schema/vulnerability/os/schema-1.1.0.json',
      identifier: 'x',
      item: { Vulnerability: { Name: 'CVE-1', NamespaceName: 'debian:12', FixedIn: [] } },
    };
    file(
      'data/debian/metadata.json',
      json({ provider: 'debian', timestamp: '2026-02-03T04:05:06.7+00:00', version: 2 }),
    );
    file('data/debian/results/debian-12/cve-1.json', json(envelope));
    file('data/debian/input/raw.json', '{');
    file('data/debian/checksums', 'x');
    mkdirSync(join(root, 'data/alpine/results'), { recursive: true });
    const db = new DatabaseSync(join(root, 'data/alpine/results/results.db'));
    db.exec('CREATE TABLE results (id TEXT PRIMARY KEY, record BLOB)');
    db.prepare('INSERT INTO results VALUES (?, ?)').run('x', Buffer.from(json(envelope)));
    db.close();
    const items = await read('data');
    expect(shown(items)).toEqual(['alpine CVE-1', 'provider', 'debian CVE-1']);
    expect(items[1]).toMatchObject({ provider: 'debian', capturedAt: '2026-02-03T04:05:06.700Z', version: '2' });
  });

  it.each<[string, () => string | Uint8Array, string]>([
    ['nothing of use', () => json({ hello: 1 }), 'corrupt'],
    ['empty list', () => '[]', 'corrupt'],
    [
      'cut off (gzip)',
      () => gzipSync(json(Array.from({ length: 200 }, (_, at) => record(`A-${at}`)))).subarray(0, 200),
      'truncated',
    ],
    ['cut off (xz)', () => Buffer.from(XZ, 'base64').subarray(0, 90), 'truncated'],
    [
      'cut off (zip)',
      () => buildZip([{ name: 'A-1.json', content: json(record('A-1')) }] as never).subarray(0, 60),
      'truncated',
    ],
    ['no database', () => Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(200)]), 'corrupt'],
  ])('%s: %s', async (_, content, expected) => {
    file('source', content());
    const error = await read('source').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FeedError);
    expect((error as FeedError).code).toBe(expected);
  });

  it('is unreachable when there is nothing', async () => {
    expect(existsSync(join(root, 'absent'))).toBe(false);
    await expect(read('absent')).rejects.toMatchObject({ code: 'unreachable' });
  });
});
