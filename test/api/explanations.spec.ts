import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const image = buildOciImage([
  debianFiles({ openssl: '3.0.9-1', bash: '5.2.15-2+b2' }),
  { 'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.20', license: 'MIT' }) },
]);
const debian = { provider: 'debian', distro: { name: 'debian', major: '12' }, ecosystem: 'deb', versions: 'dpkg' };
const lodash = {
  id: 'GHSA-35jh-r3h4-6jhm',
  provider: 'github',
  ecosystem: 'npm',
  package: 'lodash',
  versions: 'semver',
  severity: 'high' as const,
};

let app: Application;
let admin: Client;
let other: Client;
const path = `/windlass/images/${image.digest}`;
const builds: string[] = [];

async function publish(built: string, advisories: Parameters<typeof publishDatabase>[1]['advisories']): Promise<void> {
  publishDatabase(join(app.platform.dataDirectory, 'feed'), { built, advisories });
  const synced = await admin.post('/system/feeds');
  expect([synced.statusCode, synced.body]).toEqual([200, expect.any(String)]);
  await app.idle();
  const row = await app.platform.database.db
    .selectFrom('feed_build')
    .select('checksum')
    .where('state', '=', 'current')
    .executeTakeFirstOrThrow();
  builds.push(row.checksum);
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  await publish('2026-01-01T00:00:00Z', [
    {
      ...debian,
      id: 'CVE-2023-5363',
      package: 'openssl',
      constraint: '< 3.0.11-1~deb12u2',
      fix: '3.0.11-1~deb12u2',
      severity: 'high',
    },
    { ...debian, id: 'CVE-2022-3715', package: 'bash', constraint: '< 5.2.15-1', fix: '5.2.15-1', severity: 'low' },
    { ...debian, id: 'CVE-2024-1', package: 'zlib', constraint: '< 2', fix: '2', severity: 'low' },
    { ...lodash, constraint: '<4.17.19', fix: '4.17.19' },
  ]);
  const upload = await admin.request('POST', '/windlass/image-archives?tag=registry.example.org/app:1', {
    body: ociArchive([{ image, tag: '1' }]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(upload.statusCode).toBe(200);
  await app.idle();
});
afterAll(() => app?.close());

const ask = async (query: string) => (await admin.get(`${path}/explain?${query}`)).json();

describe('the explanation of a finding', () => {
  it('names record, range, order of versions, place, first sighting and build', async () => {
    const answer = await ask('vulnerability=CVE-2023-5363');
    expect(answer).toMatchObject({
      verdict: 'reported',
      considered: 1,
      truncated: false,
      data_checksum: builds[0],
      records: [{ id: 'CVE-2023-5363', namespace: 'debian:distro:debian:12', severity: 'High', packages: ['openssl'] }],
    });
    expect(answer.packages).toHaveLength(1);
    expect(answer.packages[0]).toMatchObject({
      name: 'openssl',
      type: 'dpkg',
      layer_index: 0,
      coverage: 'covered',
      findings: [
        {
          match_kind: 'exact-direct',
          constraint: '< 3.0.11-1~deb12u2',
          scheme: 'deb',
          fix_versions: ['3.0.11-1~deb12u2'],
          opened_by_build: builds[0],
          build_built_at: '2026-01-01T00:00:00.000Z',
          first_seen_at: expect.any(String),
        },
      ],
      steps: [{ outcome: 'in-range', provider: 'debian' }],
    });
    expect(answer.summary).toContain('openssl 3.0.9-1 is reported with CVE-2023-5363');
  });

  it.each([
    ['vulnerability=cve-2023-5363', 'reported'],
    ['vulnerability=CVE-2022-3715', 'version-not-in-range'],
    ['vulnerability=GHSA-35jh-r3h4-6jhm', 'version-not-in-range'],
    ['vulnerability=CVE-2024-1', 'names-other-packages'],
    ['vulnerability=CVE-1999-0001', 'no-record'],
    ['vulnerability=CVE-2023-5363&package=bash', 'names-other-packages'],
    ['vulnerability=CVE-2023-5363&package=nginx', 'package-not-found'],
    ['package=openssl', 'reported'],
    ['package=bash', 'nothing-reported'],
  ])('answers %s with %s', async (query, verdict) => {
    expect((await ask(query)).verdict).toBe(verdict);
  });

  it('refuses an empty question and images of others', async () => {
    expect((await admin.get(`${path}/explain`)).statusCode).toBe(400);
    expect((await other.get(`${path}/explain?vulnerability=CVE-2023-5363`)).statusCode).toBe(404);
  });
});

describe('coverage', () => {
  it('tells of the distribution, the ecosystems and what could not be judged', async () => {
    expect((await admin.get(`${path}/coverage`)).json()).toMatchObject({
      state: 'complete',
      distro: { id: 'debian', version: '12', state: 'covered' },
      ecosystems: [
        { type: 'deb', packages: 2, covered: 2 },
        { type: 'npm', packages: 1, covered: 1 },
      ],
      unknown_versions: { count: 0, packages: [] },
      unmatched: { count: 0, packages: [] },
    });
  });
});

describe('the past', () => {
  let before: string;

  beforeAll(async () => {
    before = new Date().toISOString();
    await publish('2026-01-02T00:00:00Z', [
      {
        ...debian,
        id: 'CVE-2023-5363',
        package: 'openssl',
        constraint: '< 3.0.12-1',
        fix: '3.0.12-1',
        severity: 'high',
      },
      { ...debian, id: 'CVE-2022-3715', package: 'bash', constraint: '< 5.2.15-1', fix: '5.2.15-1', severity: 'low' },
      { ...lodash, constraint: '<4.17.21', fix: '4.17.21' },
    ]);
    await publish('2026-01-03T00:00:00Z', [
      { ...debian, id: 'CVE-2022-3715', package: 'bash', constraint: '< 5.2.15-1', fix: '5.2.15-1', severity: 'low' },
      { ...lodash, constraint: '<4.17.21', fix: '4.17.21' },
    ]);
  });

  const ids = (rows: { vulnerability: string }[]) => rows.map((row) => row.vulnerability).sort();

  it('is what was open then, by time and by build', async () => {
    const then = (await admin.get(`${path}/vulnerabilities/history?at=${before}`)).json();
    expect(ids(then.vulnerabilities)).toEqual(['CVE-2023-5363']);
    expect(then).toMatchObject({ total_rows: 1, notes: [], build: { checksum: builds[0] } });
    expect(then.vulnerabilities[0]).toMatchObject({
      fix_versions: ['3.0.11-1~deb12u2'],
      opened_by_build: builds[0],
      closed_by_build: builds[1],
    });
    const second = (await admin.get(`${path}/vulnerabilities/history?at=${builds[1]}`)).json();
    expect(ids(second.vulnerabilities)).toEqual(['CVE-2023-5363', 'GHSA-35jh-r3h4-6jhm']);
    const now = (await admin.get(`${path}/vulnerabilities/history?at=${builds[2]!.slice(0, 20)}`)).json();
    const shown = (await admin.get(`/images/${image.digest}/vuln/all?vendor_only=false`)).json().vulnerabilities;
    expect(ids(now.vulnerabilities)).toEqual(shown.map((row: { vuln: string }) => row.vuln));
  });

  it('says when nothing can have been known', async () => {
    const answer = (await admin.get(`${path}/vulnerabilities/history?at=2020-01-01`)).json();
    expect(answer.vulnerabilities).toEqual([]);
    expect(answer.notes.join(' ')).toMatch(/no vulnerability data was in use.*analysed later.*3 of 3 packages/);
  });

  it('lists changes with build, record, range and reason', async () => {
    const first = (await admin.get(`${path}/vulnerabilities/changes?from=${builds[0]}&to=${builds[1]}`)).json();
    expect(first).toMatchObject({ added: 1, removed: 0, changed: 1 });
    expect(first.changes).toMatchObject([
      {
        change: 'changed',
        vulnerability: 'CVE-2023-5363',
        build: builds[1],
        before: { constraint: '< 3.0.11-1~deb12u2' },
        after: { constraint: '< 3.0.12-1', fix_versions: ['3.0.12-1'] },
        reason: expect.stringContaining('the fix changed from 3.0.11-1~deb12u2 to 3.0.12-1'),
      },
      { change: 'added', vulnerability: 'GHSA-35jh-r3h4-6jhm', provider: 'github' },
    ]);
    const all = (await admin.get(`${path}/vulnerabilities/changes?from=${before}`)).json();
    expect(all).toMatchObject({ added: 1, removed: 1, changed: 0, to_build: { checksum: builds[2] } });
    expect(all.changes.find((row: { change: string }) => row.change === 'removed')).toMatchObject({
      vulnerability: 'CVE-2023-5363',
      build: builds[2],
      reason: 'debian no longer has the record',
    });
    expect(
      (await admin.get(`${path}/vulnerabilities/changes?from=${builds[1]}&to=${builds[1]}`)).json().changes,
    ).toEqual([]);
  });

  it('is summed up for all images of the account', async () => {
    const last = (await admin.get('/windlass/feeds/changes')).json();
    expect(last).toMatchObject({
      from: { checksum: builds[1] },
      to: { checksum: builds[2] },
      removed: { findings: 1, vulnerabilities: 1, packages: 1, images: 1, tags: 1 },
      added: { findings: 0, images: 0 },
      items: [{ change: 'removed', vulnerability: 'CVE-2023-5363', packages: ['openssl'], images: 1 }],
      total_rows: 1,
    });
    const both = (await admin.get(`/windlass/feeds/changes?from=${builds[0]}&to=${builds[2]}`)).json();
    expect(both.items.map((row: { change: string }) => row.change).sort()).toEqual(['added', 'removed']);
    expect((await other.get('/windlass/feeds/changes')).json()).toMatchObject({ total_rows: 0, items: [] });
  });

  it.each([
    ['vulnerabilities/history?at=yesterday', 400],
    ['vulnerabilities/history?at=2026-13-45', 400],
    ['vulnerabilities/history', 400],
    [`vulnerabilities/history?at=sha256:${'0'.repeat(64)}`, 404],
    ['vulnerabilities/changes?from=2026-02-01&to=2026-01-01', 400],
  ])('refuses %s with %i', async (suffix, status) => {
    expect((await admin.get(`${path}/${suffix}`)).statusCode).toBe(status);
  });

  it('belongs to the account', async () => {
    expect((await other.get(`${path}/vulnerabilities/history?at=${before}`)).statusCode).toBe(404);
    expect((await other.get(`${path}/vulnerabilities/changes?from=${before}`)).statusCode).toBe(404);
  });
});
