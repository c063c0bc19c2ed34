import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const image = buildOciImage([
  debianFiles({ 'acme-agent': '1.0-1' }),
  { 'app/node_modules/acme-ui/package.json': JSON.stringify({ name: 'acme-ui', version: '1.4.0' }) },
]);
let app: Application;
let one: Client;
let two: Client;
let digest: string;

const advisory = (id: string, ecosystem: string, name: string) => ({
  id,
  schema_version: '1.7.0',
  modified: '2026-01-01T00:00:00Z',
  summary: 'An own flaw',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }] },
  ],
});

const found = async (client: Client): Promise<string[]> =>
  (await client.get(`/images/${digest}/vuln/all`))
    .json()
    .vulnerabilities.map((row: { vuln: string; package_name: string }) => `${row.vuln} ${row.package_name}`)
    .sort();

beforeAll(async () => {
  app = await startApplication();
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  publishDatabase(join(app.platform.dataDirectory, 'feed'), {
    built: new Date().toISOString(),
    advisories: [
      {
        id: 'CVE-2026-1',
        provider: 'debian',
        distro: { name: 'debian', major: '12' },
        ecosystem: 'deb',
        package: 'other',
        constraint: '< 2',
        versions: 'dpkg',
        fix: '2',
        severity: 'high',
      },
    ],
  });
  await admin.post('/system/feeds');
  one = await addTenant(app, 'one');
  two = await addTenant(app, 'two');
  for (const client of [one, two]) {
    const response = await client.request('POST', '/windlass/image-archives?tag=registry.example.org/acme:1', {
      body: ociArchive([{ image, tag: '1' }]),
      headers: { 'content-type': 'application/octet-stream' },
    });
    digest = response.json().items[0].image_digest;
  }
  await app.idle();
});
afterAll(() => app?.close());

describe('private advisories', () => {
  it('concern the images of their account and no other', async () => {
    expect((await one.post('/windlass/advisories', advisory('ACME-1', 'npm', 'acme-ui'))).statusCode).toBe(201);
    expect((await one.post('/windlass/advisories', advisory('ACME-2', 'Debian:12', 'acme-agent'))).statusCode).toBe(
      201,
    );
    expect(await found(one)).toEqual(['ACME-1 acme-ui', 'ACME-2 acme-agent']);
    expect(await found(two)).toEqual([]);
    const row = (await one.get(`/images/${digest}/vuln/non-os`)).json().vulnerabilities[0];
    expect(row).toMatchObject({
      vuln: 'ACME-1',
      severity: 'Critical',
      fix: '2.0',
      feed_group: 'private:language:javascript',
    });
  });

  it('are seen by their account alone', async () => {
    expect((await one.get('/windlass/advisories')).json()).toMatchObject({
      total_rows: 2,
      items: [{ id: 'ACME-1' }, { id: 'ACME-2' }],
    });
    expect((await two.get('/windlass/advisories')).json()).toEqual({ items: [], total_rows: 0 });
    expect((await two.get('/windlass/advisories/ACME-1')).statusCode).toBe(404);
    expect((await two.delete('/windlass/advisories/ACME-1')).statusCode).toBe(404);
    const events = (await two.get('/events?limit=1000')).json().results;
    expect(JSON.stringify(events)).not.toContain('ACME-1');
  });

  it('may have the same id in two accounts', async () => {
    expect((await two.put('/windlass/advisories/ACME-1', advisory('ACME-1', 'npm', 'something-else'))).statusCode).toBe(
      200,
    );
    expect(await found(one)).toContain('ACME-1 acme-ui');
    expect(await found(two)).toEqual([]);
  });

  it('take part in policy checks', async () => {
    const check = async (client: Client) =>
      JSON.stringify((await client.get(`/images/${digest}/check?tag=registry.example.org/acme:1&detail=true`)).json());
    expect(await check(one)).toContain('ACME-1');
    expect(await check(two)).not.toContain('ACME-1');
  });

  it('change and go', async () => {
    const narrower = advisory('ACME-1', 'npm', 'acme-ui');
    narrower.affected[0]!.ranges[0]!.events = [{ introduced: '0' }, { fixed: '1.1' }] as never;
    expect((await one.put('/windlass/advisories/ACME-1', narrower)).statusCode).toBe(200);
    expect(await found(one)).toEqual(['ACME-2 acme-agent']);
    expect((await one.delete('/windlass/advisories/ACME-2')).statusCode).toBe(204);
    expect(await found(one)).toEqual([]);
  });

  it.each<[string, object, number]>([
    ['no package of an image', advisory('ACME-9', 'Android', 'x'), 400],
    ['no id', { ...advisory('', 'npm', 'x') }, 400],
    ['no packages', { ...advisory('ACME-9', 'npm', 'x'), affected: [] }, 400],
    ['twice', advisory('ACME-1', 'npm', 'x'), 409],
  ])('%s', async (_, body, status) => expect((await one.post('/windlass/advisories', body)).statusCode).toBe(status));
});
