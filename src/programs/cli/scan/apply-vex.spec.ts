import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceFindings } from '#engine/vulnerabilities/find-vulnerabilities.ts';
import { buildAnalysis } from '../../../../test/builders/analysis.ts';
import { applyVex, readVexFiles } from './apply-vex.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-vex-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const analysis = buildAnalysis();
const pkg = analysis.packages.find((one) => one.purl !== undefined)!;
const found: SourceFindings = {
  findings: [
    {
      package: pkg,
      match: {
        vulnerability: 'CVE-1',
        namespace: 'n',
        provider: 'p',
        fix: { state: 'not-fixed', versions: [] },
        constraint: '',
        scheme: 'deb',
        kind: 'exact-direct',
        searchedBy: { name: pkg.name, version: pkg.version },
        aliases: [],
      },
      detail: {
        id: 'CVE-1',
        namespace: 'n',
        provider: 'p',
        severity: 'High',
        links: [],
        aliases: [],
        cvss: [],
        cwes: [],
      },
    },
  ],
  suppressed: [],
  coverage: ['covered'],
};

function file(name: string, status: string, product: string, timestamp = '2026-01-01T00:00:00Z'): string {
  const path = join(folder, name);
  const statement = { vulnerability: { name: 'CVE-1' }, products: [{ '@id': product }], status };
  writeFileSync(
    path,
    JSON.stringify({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      author: 'Vendor',
      timestamp,
      statements: [statement],
    }),
  );
  return path;
}

async function counts(...files: string[]): Promise<[number, number]> {
  const result = applyVex(
    found,
    { kind: 'image', analysis, tag: 'docker.io/app:1' },
    undefined,
    await readVexFiles(files),
  );
  return [result.findings.length, result.suppressed.length];
}

describe('scan --vex', () => {
  it.each([
    ['not_affected', 'docker.io/app:1', [0, 1]],
    ['fixed', 'docker.io/app:1', [0, 1]],
    ['affected', 'docker.io/app:1', [1, 0]],
    ['under_investigation', 'docker.io/app:1', [1, 0]],
    ['not_affected', 'docker.io/app:2', [1, 0]],
  ])('%s of %s', async (status, product, expected) => {
    expect(await counts(file('a.json', status, product))).toEqual(expected);
  });
  it('goes by the package, and by the newest of several documents', async () => {
    const old = file('old.json', 'not_affected', pkg.purl!);
    expect(await counts(old)).toEqual([0, 1]);
    expect(await counts(old, file('new.json', 'affected', pkg.purl!, '2026-02-01T00:00:00Z'))).toEqual([1, 0]);
  });
  it('says who ruled a finding out', async () => {
    const statements = await readVexFiles([file('a.json', 'fixed', pkg.purl!)]);
    const [first] = applyVex(found, { kind: 'sbom', analysis }, undefined, statements).suppressed;
    expect(first?.match).toMatchObject({ rule: 'vex', reason: expect.stringContaining('fixed according to Vendor') });
  });
  it('refuses what is no VEX document', async () => {
    const path = join(folder, 'none.json');
    writeFileSync(path, '{}');
    await expect(readVexFiles([path])).rejects.toThrow(/none\.json: the document is neither/);
  });
});
