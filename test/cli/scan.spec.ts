import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDatabase } from '../../src/programs/demo/database.ts';
import { sampleAdvisories } from '../../src/programs/demo/sample-advisories.ts';
import { SAMPLE_TAG, sampleImage } from '../../src/programs/demo/sample-image.ts';
import { type RunOptions, run } from './memory-context.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const sbom = `sbom:${join(fixtures, 'sbom.cdx.json')}`;
const policy = join(fixtures, 'policy.json');
let folder: string;
let image: string;
let database: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-cli-'));
  image = join(folder, 'shop.tar');
  database = join(folder, 'vulnerability.db');
  writeFileSync(image, sampleImage());
  writeDatabase(database, sampleAdvisories('2025-05-31T00:00:00Z'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scan(args: string[], options: RunOptions = {}) {
  return run(['scan', ...args], { ...options, env: { XDG_CACHE_HOME: join(folder, 'cache'), ...options.env } });
}

async function scanJson(args: string[]) {
  const { exitCode, stdout, stderr } = await scan([...args, '-o', 'json']);
  return { exitCode, stderr, document: JSON.parse(stdout) };
}

describe('scan of an image archive', () => {
  it('finds packages, vulnerabilities and the verdict', async () => {
    const { document, exitCode } = await scanJson([image, '--db', database, '--tag', SAMPLE_TAG]);
    expect(exitCode).toBe(0);
    expect(Object.keys(document)).toEqual([
      'source',
      'distro',
      'packages',
      'vulnerabilities',
      'evaluation',
      'coverage',
    ]);
    expect(document.source).toMatchObject({ kind: 'image', os: 'linux', architecture: 'amd64', tag: SAMPLE_TAG });
    expect(document.distro).toMatchObject({ id: 'debian', versionId: '12' });
    const names = document.packages.map(
      ({ type, name, version }: Record<string, string>) => `${type} ${name} ${version}`,
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'deb libssl3 3.0.9-1',
        'npm lodash 4.17.15',
        'python Jinja2 3.1.2',
        'java-archive log4j-core 2.14.1',
        'gem rack 2.2.3',
        'go-module golang.org/x/net v0.16.0',
      ]),
    );
    const shell = document.vulnerabilities.find(({ id }: { id: string }) => id === 'GHSA-jfh8-c2jp-5v3q');
    expect(shell).toMatchObject({
      severity: 'Critical',
      package: { name: 'log4j-core', version: '2.14.1', path: '/app/reports.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar' },
      fix: { state: 'fixed' },
      kev: { cve: 'CVE-2021-44228', ransomware: true },
    });
    expect(document.evaluation).toMatchObject({ status: 'fail', final_action: 'stop' });
    expect(document.evaluation.details.findings).toContainEqual(
      expect.objectContaining({ gate: 'secret_scans', action: 'stop' }),
    );
    expect(document.coverage).toMatchObject({
      complete: true,
      matching: 'done',
      gaps: [],
      problems: [],
      data: { builtAt: '2025-05-31T00:00:00Z', stale: false },
    });
  });

  it('gives the same bytes again, from the cache and without it', async () => {
    const args = [image, '--db', database, '-o', 'json'];
    const [first, second, third] = [await scan(args), await scan(args), await scan([...args, '--no-cache'])];
    expect(second.stdout).toBe(first.stdout);
    expect(third.stdout).toBe(first.stdout);
    expect(readdirSync(join(folder, 'cache/windlass/layers'))).not.toEqual([]);
  });

  it('writes several forms at once', async () => {
    const file = (name: string) => join(folder, name);
    const outputs = [
      'table',
      `json=${file('a.json')}`,
      `cyclonedx-json=${file('b.json')}`,
      `spdx-json=${file('c.json')}`,
      `native-json=${file('d.json')}`,
    ];
    const { stdout } = await scan([image, '--db', database, ...outputs.flatMap((output) => ['-o', output])]);
    expect(stdout).toContain('Policy  FAIL (stop) by Windlass default');
    const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));
    expect(read('a.json').packages).toHaveLength(read('d.json').artifacts.length);
    expect(read('b.json')).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(read('c.json').spdxVersion).toBe('SPDX-2.3');
  });

  it('lists packages alone without a database', async () => {
    const { document, exitCode } = await scanJson([image, '--packages-only']);
    expect(exitCode).toBe(0);
    expect(document.packages.length).toBeGreaterThan(30);
    expect(document).toMatchObject({
      vulnerabilities: [],
      evaluation: null,
      coverage: { matching: 'not-requested', data: null },
    });
  });

  it('needs no database for an SBOM', async () => {
    const { exitCode, stdout } = await scan([image, '-o', 'cyclonedx-json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).components.length).toBeGreaterThan(30);
  });

  it('fits a terminal and marks what is exploited', async () => {
    const { stdout } = await scan([image, '--db', database], { terminal: 90, env: { NO_COLOR: '1' } });
    const lines = stdout.split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('SEVERITY')));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(90);
    expect(stdout).toMatch(/Critical\s+GHSA-jfh8-c2jp-5v3q\s+log4j-core.*KEV/);
  });
});

describe('scan of an SBOM', () => {
  it('is stable', async () => {
    const { stdout, exitCode } = await scan([sbom, '--db', database, '--policy', policy, '-o', 'json']);
    expect(exitCode).toBe(1);
    const location = JSON.stringify(database).slice(1, -1);
    const text = stdout
      .replaceAll(location, 'vulnerability.db')
      .replaceAll(/"checksum": "sha256:[0-9a-f]+"/g, '"checksum": "…"');
    await expect(text).toMatchFileSnapshot(join(fixtures, 'scan.json'));
  });
  it('explains a finding, and why another is none', async () => {
    const args = [image, '--db', database, '--no-update', '--explain'];
    await scan([image, '--db', database]);
    const document = await scanJson([image, '--db', database]);
    const [finding] = document.document.vulnerabilities;
    const answer = await scanJson([...args, finding.id, '--package', finding.package.name]);
    expect(answer.exitCode).toBe(0);
    expect(answer.document).toMatchObject({
      verdict: 'reported',
      packages: [{ name: finding.package.name, path: finding.package.path, steps: expect.any(Array) }],
    });
    expect(answer.document.packages[0].findings[0]).toMatchObject({
      vulnerability: finding.id,
      scheme: finding.match.scheme,
      constraint: finding.match.constraint,
    });
    const text = await scan([...args, finding.id]);
    expect(text.stdout).toMatch(/^REPORTED\n.*is reported with/);
    expect((await scan([...args, 'CVE-1999-0001'])).stdout).toMatch(/^NO RECORD\n/);
    expect((await scan([image, '--package', 'x'])).exitCode).toBe(2);
    expect((await scan([...args, 'CVE-1', '-o', 'spdx-json'])).exitCode).toBe(2);
    expect((await scan([...args, 'CVE-1', '--packages-only'])).exitCode).toBe(2);
  });

  it('is read from standard input', async () => {
    const stdin = readFileSync(join(fixtures, 'sbom.cdx.json'), 'utf8');
    const { stdout } = await scan(['-', '--packages-only'], { stdin });
    expect(stdout).toContain('left-pad');
  });
});

describe('exit codes', () => {
  const clean = () => ['dir:', join(folder, 'clean')].join('');
  beforeAll(() => {
    mkdirSync(join(folder, 'clean/node_modules/left-pad'), { recursive: true });
    writeFileSync(join(folder, 'clean/node_modules/left-pad/package.json'), '{"name":"left-pad","version":"1.3.0"}');
  });

  it('0: nothing to complain about', async () => {
    const { exitCode, stdout } = await scan([clean(), '--db', database, '--fail-on', 'low']);
    expect(stdout).toContain('none found');
    expect(exitCode).toBe(0);
  });
  it('1: --fail-on is reached', async () => {
    const { exitCode } = await scan([sbom, '--db', database, '--policy', policy, '--tag', 'x:1', '--fail-on', 'high']);
    expect(exitCode).toBe(1);
  });
  it.each([
    [['/does/not/exist'], '/does/not/exist does not exist'],
    [['UPPER/case:1'], 'is not an image reference'],
    [['.', '--policy', join(fixtures, 'sbom.cdx.json')], 'is no valid policy'],
    [['.', '--fail-on', 'bad'], 'unknown severity'],
    [[`sbom:${policy}`, '--packages-only'], 'neither a native SBOM'],
  ])('2: %j', async (args, message) => {
    const { exitCode, stderr } = await scan(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
  it('3: no database', async () => {
    const { exitCode, stderr, stdout } = await scan([clean()], {
      env: { WINDLASS_FEED_URL: 'http://localhost:1/latest.json' },
    });
    expect(stderr).toContain('no vulnerability database');
    expect(stderr).toContain('--packages-only');
    expect(stdout).toBe('');
    expect(exitCode).toBe(3);
  });
  it('4: a part could not be read', async () => {
    const broken = join(folder, 'broken.tar');
    const bytes = readFileSync(image);
    const layer = bytes.indexOf(Buffer.from([0x1f, 0x8b]));
    writeFileSync(broken, bytes.fill(0, layer + 300, layer + 310));
    const { exitCode, stdout } = await scan([broken, '--packages-only', '--no-cache']);
    expect(stdout).toContain('INCOMPLETE');
    expect(exitCode).toBe(4);
    expect((await scan([broken, '--packages-only', '--no-cache', '--allow-incomplete'])).exitCode).toBe(0);
  });
  it('4: a distribution without data', async () => {
    const path = join(folder, 'fedora.json');
    const purl = 'pkg:rpm/fedora/bash@5.2.26-3.fc40?arch=x86_64&distro=fedora-40';
    writeFileSync(
      path,
      JSON.stringify({
        bomFormat: 'CycloneDX',
        components: [{ type: 'library', name: 'bash', version: '5.2.26-3.fc40', purl }],
      }),
    );
    const { exitCode, stdout } = await scan([path, '--db', database]);
    expect(stdout).toContain('1 packages of a distribution release that the vulnerability data does not cover');
    expect(exitCode).toBe(4);
  });
  it('130: interrupted', async () => {
    const signal = AbortSignal.abort();
    const { exitCode } = await scan([image, '--db', database, '--no-cache'], { signal });
    expect(exitCode).toBe(130);
  });
});

describe('the database cache', () => {
  it('is made anew when the file changes, and serves without the file', async () => {
    const own = join(folder, 'own.db');
    writeDatabase(own, { ...sampleAdvisories('2025-05-31T00:00:00Z'), records: [] });
    expect((await scanJson([sbom, '--db', own, '--tag', 'x:1'])).document.vulnerabilities).toEqual([]);
    writeDatabase(own, sampleAdvisories('2025-05-31T00:00:00Z'));
    utimesSync(own, new Date(), new Date(Date.now() + 5000));
    expect((await scanJson([sbom, '--db', own, '--tag', 'x:1'])).document.vulnerabilities.length).toBeGreaterThan(3);
    rmSync(own);
    const { document, stderr } = await scanJson([sbom, '--db', own, '--tag', 'x:1']);
    expect(document.vulnerabilities.length).toBeGreaterThan(3);
    expect(stderr).toContain('warning: no newer vulnerability data');
  });
  it('warns about old data', async () => {
    const { stderr, stdout } = await scan([sbom, '--db', database, '--policy', policy], {
      now: new Date('2025-06-10T00:00:00Z'),
    });
    expect(stderr).toContain('warning: the vulnerability data was built on 2025-05-31, 10 days ago');
    expect(stdout).toContain('the data is old');
  });
  it('says what --no-update needs', async () => {
    const { exitCode, stderr } = await scan([sbom, '--db', join(folder, 'never.db'), '--no-update']);
    expect(stderr).toContain('Run once without --no-update');
    expect(exitCode).toBe(3);
  });
});
