import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const metadata = (name: string, version: string) => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
const requests = 'usr/lib/python3/dist-packages/requests-2.28.1.dist-info/METADATA';
const certifi = 'usr/lib/python3/dist-packages/certifi-2022.9.24.dist-info/METADATA';
const pythonFiles = {
  [requests]: metadata('requests', '2.28.1'),
  [certifi]: metadata('certifi', '2022.9.24'),
};

/** Debian packages own both: one as it is, the other bundled in a package of another version. */
const owned = buildOciImage([
  debianFiles({ 'python3-requests': '2.28.1+dfsg-1', 'python3-bundle': '9.0-1' }),
  {
    ...pythonFiles,
    'var/lib/dpkg/info/python3-requests.list': `/.\n/${requests}\n`,
    'var/lib/dpkg/info/python3-bundle.list': `/.\n/${certifi}\n`,
  },
]);
/** Nobody owns them. */
const images = [
  owned,
  ...['a', 'b', 'c'].map((name) => buildOciImage([debianFiles({ bash: '5.2.15-2' }), { ...pythonFiles, name }])),
];

let app: Application;
let admin: Client;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  const python = { provider: 'github', ecosystem: 'python', versions: 'python', severity: 'medium' as const };
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
      { ...python, id: 'GHSA-j8r2-6x86-q33q', package: 'requests', constraint: '<2.31.0', fix: '2.31.0' },
      { ...python, id: 'CVE-2023-37920', package: 'certifi', constraint: '<2023.7.22', fix: '2023.7.22' },
      {
        id: 'CVE-2023-37920',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        package: 'python3-bundle',
        versions: 'dpkg',
        constraint: '< 8.0',
        fix: '8.0',
        severity: 'medium',
      },
    ],
  });
  const synced = await admin.post('/system/feeds');
  expect([synced.statusCode, synced.body]).toEqual([200, expect.any(String)]);
  await app.idle();
  for (const [at, image] of images.entries()) {
    const sent = await admin.request('POST', `/windlass/image-archives?tag=registry.example.org/app:${at}`, {
      body: ociArchive([{ image, tag: String(at) }]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(sent.statusCode).toBe(200);
  }
  await app.idle();
});
afterAll(() => app?.close());

const sorted = (values: string[]) => [...values].sort();
const all = sorted(images.map(({ digest }) => digest));
const unowned = all.filter((digest) => digest !== owned.digest);

describe('queries over the images of an account', () => {
  it('agree with the report of the image about what distributions answer for', async () => {
    expect((await admin.get(`/images/${owned.digest}/vuln/all`)).json().vulnerabilities).toEqual([]);
    expect((await admin.get(`/images/${unowned[0]}/vuln/all`)).json().vulnerabilities).toHaveLength(2);
    for (const id of ['GHSA-j8r2-6x86-q33q', 'CVE-2023-37920']) {
      const found = await app.server.inject({
        url: `/v1/query/images/by_vulnerability?vulnerability_id=${id}`,
        headers: { authorization: `Basic ${Buffer.from(`admin:${ADMIN_PASSWORD}`).toString('base64')}` },
      });
      expect(found.statusCode).toBe(200);
      expect(found.body).toContain(unowned[0]);
      expect(found.body).not.toContain(owned.digest);
    }
  });

  it('pages over images in a stable order', async () => {
    const seen: string[] = [];
    for (let page: string | undefined = '1'; page !== undefined; ) {
      const answer: {
        page: string;
        next_page?: string;
        returned_count: number;
        images: { image: { image_digest: string } }[];
      } = (await admin.get(`/query/images/by-package?name=certifi&package_type=python&limit=3&page=${page}`)).json();
      expect(answer).toMatchObject({ page, returned_count: answer.images.length });
      seen.push(...answer.images.map(({ image }) => image.image_digest));
      page = answer.next_page;
    }
    expect(seen).toEqual(images.map(({ digest }) => digest));
    expect((await admin.get('/query/images/by-package?name=certifi&version=1')).json().images).toEqual([]);
    expect((await admin.get('/query/images/by-package?name=certifi&limit=0')).json()).toMatchObject({
      returned_count: 4,
    });
  });

  it('pages over records, one for each id and namespace', async () => {
    const path = '/query/vulnerabilities?id=CVE-2023-37920,GHSA-j8r2-6x86-q33q';
    const whole = (await admin.get(path)).json();
    expect(whole.vulnerabilities.map((row: { id: string; namespace: string }) => [row.id, row.namespace])).toEqual(
      expect.arrayContaining([
        ['CVE-2023-37920', 'debian:distro:debian:12'],
        ['CVE-2023-37920', 'github:language:python'],
        ['GHSA-j8r2-6x86-q33q', 'github:language:python'],
      ]),
    );
    expect(whole.next_page).toBeUndefined();
    const pages = [];
    for (const page of [1, 2, 3]) pages.push((await admin.get(`${path}&limit=1&page=${page}`)).json());
    expect(pages.flatMap((page) => page.vulnerabilities)).toEqual(whole.vulnerabilities);
    expect(pages.map((page) => page.next_page)).toEqual(['2', '3', undefined]);
    const github = (await admin.get(`${path}&namespace=github:python`)).json().vulnerabilities;
    expect(github).toHaveLength(2);
    expect(github[0].affected_packages).toEqual([
      { name: 'certifi', version: '2022.9.24', type: 'python', will_not_fix: false },
    ]);
  });

  it('leaves out packages that a distribution answers for everywhere', async () => {
    for (const digest of unowned) await admin.request('DELETE', `/images/${digest}?force=true`);
    await app.idle();
    const found = (await admin.get('/query/vulnerabilities?id=CVE-2023-37920,GHSA-j8r2-6x86-q33q')).json();
    expect(found.vulnerabilities.flatMap((row: { affected_packages: unknown[] }) => row.affected_packages)).toEqual([]);
  });

  it.each([
    '/query/vulnerabilities?id=CVE-1&affected_package_version=1',
    '/query/vulnerabilities?id=CVE-1&limit=-1',
    '/query/vulnerabilities?id=CVE-1&page=0',
    '/query/vulnerabilities',
    '/query/images/by-package',
    '/query/images/by-package?name=a&page=x',
  ])('refuses %s', async (path) => expect((await admin.get(path)).statusCode).toBe(400));
});
