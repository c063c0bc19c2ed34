import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const native = {
  artifacts: [
    {
      id: 'p1',
      name: 'openssl',
      version: '3.0.9-1',
      type: 'deb',
      locations: [{ path: '/var/lib/dpkg/status', layerID: `sha256:${'cd'.repeat(32)}` }],
      licenses: ['Apache-2.0'],
      language: '',
      cpes: [],
      purl: 'pkg:deb/debian/openssl@3.0.9-1?arch=amd64&distro=debian-12',
      metadataType: 'dpkg-db-entry',
      metadata: { package: 'openssl', version: '3.0.9-1', architecture: 'amd64' },
    },
    {
      id: 'p2',
      name: 'lodash',
      version: '4.17.20',
      type: 'npm',
      locations: [{ path: '/app/node_modules/lodash/package.json' }],
      licenses: [],
      language: 'javascript',
      cpes: [],
      purl: 'pkg:npm/lodash@4.17.20',
    },
  ],
  source: {
    id: digest,
    type: 'image',
    metadata: {
      userInput: 'app:1',
      manifestDigest: digest,
      imageID: `sha256:${'ef'.repeat(32)}`,
      os: 'linux',
      architecture: 'amd64',
      config: Buffer.from(JSON.stringify({ config: { User: 'root' }, history: [{ created_by: 'RUN true' }] })).toString(
        'base64',
      ),
    },
  },
  distro: { name: 'Debian GNU/Linux', id: 'debian', versionID: '12' },
  descriptor: { name: 'syft', version: '1.0.0' },
  schema: { version: '16.1.0', url: 'https://example.org' },
};
const cyclonedx = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  components: [{ type: 'library', name: 'lodash', version: '4.17.20', purl: 'pkg:npm/lodash@4.17.20' }],
};
const spdx = {
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: 'app',
  documentNamespace: 'https://example.org/app-1',
  packages: [
    {
      SPDXID: 'SPDXRef-1',
      name: 'lodash',
      versionInfo: '4.17.20',
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:npm/lodash@4.17.20' },
      ],
    },
  ],
};

let app: Application;
let admin: Client;

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
});
afterAll(() => app?.close());

async function tables(): Promise<number[]> {
  const { db } = app.platform.database;
  const counts = await Promise.all(
    (['image', 'analysis', 'package', 'evaluation', 'event'] as const).map((table) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow(),
    ),
  );
  return counts.map(({ count }) => Number(count));
}

describe('without vulnerability data', () => {
  it('does not pretend that an SBOM is clean', async () => {
    const answer = await admin.post('/vulnerability-scan', native);
    expect([answer.statusCode, answer.json().message]).toEqual([503, expect.stringContaining('no vulnerability data')]);
  });
});

describe('a stateless scan', () => {
  beforeAll(async () => {
    publishDatabase(join(app.platform.dataDirectory, 'feed'), {
      built: '2026-01-01T00:00:00Z',
      advisories: [
        {
          id: 'CVE-2023-5363',
          provider: 'debian',
          distro: { name: 'debian', major: '12' },
          ecosystem: 'deb',
          package: 'openssl',
          versions: 'dpkg',
          constraint: '< 3.0.11-1~deb12u2',
          fix: '3.0.11-1~deb12u2',
          severity: 'high',
        },
        {
          id: 'GHSA-35jh-r3h4-6jhm',
          provider: 'github',
          ecosystem: 'npm',
          package: 'lodash',
          versions: 'semver',
          constraint: '<4.17.21',
          fix: '4.17.21',
          severity: 'high',
        },
      ],
    });
    const synced = await admin.post('/system/feeds');
    expect([synced.statusCode, synced.body]).toEqual([200, expect.any(String)]);
    await app.idle();
  });

  it('answers a native SBOM with its vulnerabilities, and leaves nothing behind', async () => {
    const before = await tables();
    const answer = await admin.post('/vulnerability-scan?include_vuln_description=true', native);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      sbom_id: expect.stringMatching(/^sha256:/),
      extended_support: false,
      vulnerabilities: [
        {
          vuln: 'CVE-2023-5363',
          severity: 'High',
          fix: '3.0.11-1~deb12u2',
          package: 'openssl-3.0.9-1',
          package_type: 'dpkg',
          package_path: 'pkgdb',
          feed: 'vulnerabilities',
          will_not_fix: false,
          nvd_data: [],
          epss: [],
          detected_at: expect.any(String),
        },
        { vuln: 'GHSA-35jh-r3h4-6jhm', package_path: '/app/node_modules/lodash/package.json' },
      ],
    });
    expect(await tables()).toEqual(before);
  });

  it.each([
    ['CycloneDX', cyclonedx, cyclonedx.serialNumber],
    ['SPDX', spdx, spdx.documentNamespace],
  ])('reads %s', async (_, document, id) => {
    const answer = (await admin.post('/vulnerability-scan', document)).json();
    expect(answer.sbom_id).toBe(id);
    expect(answer.vulnerabilities.map((row: { vuln: string }) => row.vuln)).toEqual(['GHSA-35jh-r3h4-6jhm']);
  });

  it('is asked for extended support', async () => {
    const document = { ...native, distro: { id: 'ubuntu', name: 'Ubuntu', versionID: '22.04' } };
    expect((await admin.post('/vulnerability-scan?extended_support=true', document)).json().extended_support).toBe(
      true,
    );
    const channels = { ...document, distro: { ...document.distro, channels: ['esm'] } };
    expect((await admin.post('/vulnerability-scan', channels)).json().extended_support).toBe(true);
    expect((await admin.post('/vulnerability-scan?extended_support=false', channels)).json().extended_support).toBe(
      false,
    );
  });

  it.each([
    ['no SBOM', {}, 400],
    ['another version', { spdxVersion: 'SPDX-3.0' }, 400],
    ['odd members', { artifacts: [null, 5, { name: 7 }, { id: 'x', name: 'x', version: '1', type: 'npm' }] }, 200],
    ['a list', [], 400],
  ])('answers %s with %i', async (_, document, status) => {
    expect((await admin.post('/vulnerability-scan', document as object)).statusCode).toBe(status);
  });

  it('is judged by the active policy, with what else was found', async () => {
    const before = await tables();
    const answer = await admin.post('/scan?tag=registry.example.org/app:1', {
      sbom: native,
      secret_scan: {
        media_type: 'application/anchore.enterprise.local-analyze.secret-search.v1+json',
        metadata: { anchorectl_version: '5', anchorectl_platform: 'linux' },
        findings: [
          {
            location: { path: '/app/key.txt', layerID: 'sha256:1' },
            content_searches: [
              { classification: 'AWS_ACCESS_KEY', line_number: 3, line_offset: 0, seek_position: 0, length: 20 },
            ],
          },
        ],
      },
    });
    expect(answer.statusCode).toBe(200);
    const { vuln_scan: found, policy_scan: verdict } = answer.json();
    expect(found.vulnerabilities).toHaveLength(2);
    expect(verdict).toMatchObject({ image_digest: digest, evaluated_tag: 'registry.example.org/app:1' });
    expect(verdict.evaluations).toHaveLength(1);
    expect(verdict.evaluations[0]).toMatchObject({ status: 'fail', final_action: 'stop', image_mapped_to_rule: true });
    const gates = verdict.evaluations[0].details.findings.map((row: { gate: string }) => row.gate);
    expect(gates).toEqual(expect.arrayContaining(['vulnerabilities', 'secret_scans']));
    expect(await tables()).toEqual(before);
  });

  it.each([
    ['/scan', { sbom: native }, 400],
    ['/scan?tag=app:1', {}, 400],
    ['/scan?tag=:::', { sbom: native }, 400],
    ['/scan?tag=app:1&policy_id=unknown', { sbom: native }, 404],
    ['/scan?tag=app:1', { sbom: cyclonedx }, 400],
  ])('refuses %s with %j and %i', async (path, body, status) => {
    expect((await admin.post(path, body)).statusCode).toBe(status);
  });
});
