import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Advisory, publishDatabase } from '../builders/vulnerability-database.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { importSource, nativeSbomOf } from './source-fixture.ts';
import { addTenant } from './two-tenants.ts';

const WEB = { host: 'git.example.org', repository_name: 'team/web', revision: 'a1b2c3' };
const SBOM = nativeSbomOf([
  { name: 'lodash', version: '4.17.20', licenses: ['MIT'] },
  { name: 'minimist', version: '1.2.0' },
  { name: 'flask', version: '2.0.0', type: 'python', path: '/requirements.txt' },
]);
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let app: Application;
let admin: Client;
let other: Client;

const advisory = (id: string, pkg: string, constraint: string, fix: string | undefined): Advisory => ({
  id,
  provider: 'github',
  ecosystem: 'npm',
  package: pkg,
  constraint,
  versions: 'semver',
  ...(fix ? { fix } : { wontFix: true }),
  severity: 'high',
});
const LODASH = advisory('GHSA-35jh-r3h4-6jhm', 'lodash', '<4.17.21', '4.17.21');

async function publish(built: string, advisories: Advisory[]): Promise<void> {
  publishDatabase(join(app.platform.dataDirectory, 'feed'), { built, advisories });
  expect((await admin.post('/system/feeds')).statusCode).toBe(200);
  await app.idle();
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  await publish('2026-01-01T00:00:00Z', [LODASH]);
});
afterAll(() => app?.close());

describe('an import of a source', () => {
  it('takes an SBOM and becomes a source', async () => {
    const created = await admin.post('/imports/sources');
    expect(created.statusCode).toBe(200);
    const { uuid, status } = created.json();
    expect(status).toBe('pending');
    expect((await admin.get(`/imports/sources/${uuid}/sbom`)).statusCode).toBe(404);
    const bytes = JSON.stringify(SBOM);
    const sent = await admin.post(`/imports/sources/${uuid}/sbom`, SBOM);
    expect(sent.statusCode).toBe(200);
    expect(sent.json().digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect((await admin.post(`/imports/sources/${uuid}/sbom`, SBOM)).json()).toEqual(sent.json());
    expect((await admin.get(`/imports/sources/${uuid}/sbom`)).json()).toEqual(sent.json());
    expect((await admin.get('/imports/sources')).json()).toMatchObject([{ uuid, status: 'pending' }]);
    const finalized = await admin.post(`/imports/sources/${uuid}/finalize`, {
      ...WEB,
      branch_name: 'main',
      change_author: 'kim',
      ci_workflow_name: null,
      ci_workflow_execution_time: '2026-01-02T03:04:05Z',
      contents: { sbom: sent.json().digest },
    });
    expect(finalized.statusCode).toBe(200);
    expect(finalized.json()).toMatchObject({
      ...WEB,
      account_name: 'admin',
      vcs_type: 'git',
      analysis_status: 'not_analyzed',
      source_status: 'active',
      metadata_records: [
        { branch_name: 'main', change_author: 'kim', ci_workflow_execution_time: '2026-01-02T03:04:05.000Z' },
      ],
    });
    await app.idle();
    expect((await admin.get(`/imports/sources/${uuid}`)).json().status).toBe('complete');
    expect((await admin.get(`/sources/${finalized.json().uuid}`)).json().analysis_status).toBe('analyzed');
    for (const path of ['sbom', 'finalize']) {
      const body = path === 'sbom' ? SBOM : { ...WEB, contents: { sbom: sent.json().digest } };
      expect((await admin.post(`/imports/sources/${uuid}/${path}`, body)).statusCode).toBe(409);
    }
    expect((await admin.delete(`/imports/sources/${uuid}`)).statusCode).toBe(409);
  });

  it('of the same revision adds a metadata record to the same source', async () => {
    const first = (await admin.get('/sources')).json().items[0];
    const again = await importSource(admin, WEB, SBOM, { branch_name: 'release' });
    expect(again.uuid).toBe(first.uuid);
    // The same document: nothing is analysed again.
    const manifest = (await admin.get(`/sources/${again.uuid}`)).json();
    expect(manifest.analysis_status).toBe('analyzed');
    expect(manifest.metadata_records.map((record: { branch_name: string }) => record.branch_name)).toEqual([
      'main',
      'release',
    ]);
    expect((await admin.get(`/imports/sources/${again.operation}`)).json().status).toBe('complete');
    expect((await admin.get('/sources')).json().items).toHaveLength(1);
  });

  it('says what is wrong', async () => {
    const { uuid } = (await admin.post('/imports/sources')).json();
    const finalize = (body: object) => admin.post(`/imports/sources/${uuid}/finalize`, body);
    expect((await finalize({ ...WEB, contents: { sbom: 'f'.repeat(64) } })).statusCode).toBe(400);
    expect((await finalize({ host: 'x', contents: { sbom: 'f' } })).statusCode).toBe(400);
    expect((await admin.post(`/imports/sources/${uuid}/sbom`, { artifacts: 1 })).statusCode).toBe(400);
    expect((await admin.post(`/imports/sources/${UNKNOWN}/sbom`, SBOM)).statusCode).toBe(404);
    expect((await admin.get('/imports/sources/nonsense')).statusCode).toBe(404);
    const { digest } = (await admin.post(`/imports/sources/${uuid}/sbom`, SBOM)).json();
    expect((await finalize({ ...WEB, host: ' ', contents: { sbom: digest } })).statusCode).toBe(400);
    expect((await other.get(`/imports/sources/${uuid}`)).statusCode).toBe(404);
    expect(
      (await other.post(`/imports/sources/${uuid}/finalize`, { ...WEB, contents: { sbom: digest } })).statusCode,
    ).toBe(404);
    expect((await admin.delete(`/imports/sources/${uuid}`)).json()).toMatchObject({ uuid, status: 'expired' });
    expect((await finalize({ ...WEB, contents: { sbom: digest } })).statusCode).toBe(409);
  });
});

describe('a source', () => {
  let uuid: string;
  beforeAll(async () => {
    uuid = (await admin.get('/sources')).json().items[0].uuid;
  });

  it('shows its content', async () => {
    const types = (await admin.get(`/sources/${uuid}/content`)).json();
    expect(types).toEqual(expect.arrayContaining(['os', 'npm', 'python']));
    expect(types).not.toContain('files');
    const summary = (await admin.get(`/sources/${uuid}/content-summary`)).json().items;
    expect(summary).toContainEqual({ content_type: 'npm', display_name: 'NPM', count: 2 });
    expect((await admin.get(`/sources/${uuid}/content/npm`)).json()).toMatchObject({
      source_id: uuid,
      content_type: 'npm',
      content: [
        { package: 'lodash', version: '4.17.20', licenses: ['MIT'], location: '/package-lock.json' },
        { package: 'minimist' },
      ],
    });
    expect((await admin.get(`/sources/${uuid}/content/nonsense`)).statusCode).toBe(404);
  });

  it('gives its SBOM in three forms', async () => {
    // As it came, with what only its maker understands.
    expect((await admin.get(`/sources/${uuid}/sbom/native-json`)).json()).toEqual(SBOM);
    const spdx = (await admin.get(`/sources/${uuid}/sbom/spdx-json`)).json();
    expect(spdx.spdxVersion).toMatch(/^SPDX-2/);
    expect(spdx.name).toContain('team/web');
    const cyclonedx = (await admin.get(`/sources/${uuid}/sbom/cyclonedx-json`)).json();
    expect(cyclonedx.components.map((component: { name: string }) => component.name)).toEqual(
      expect.arrayContaining(['lodash', 'flask']),
    );
  });

  it('has vulnerabilities, which follow the data', async () => {
    expect((await admin.get(`/sources/${uuid}/vuln`)).json()).toEqual(['all', 'os', 'non-os']);
    const listed = async (query = '') =>
      (await admin.get(`/sources/${uuid}/vuln/all${query}`)).json().vulnerabilities as Record<string, unknown>[];
    expect(await listed()).toMatchObject([
      { vuln: 'GHSA-35jh-r3h4-6jhm', package_name: 'lodash', fix: '4.17.21', package_type: 'npm', will_not_fix: false },
    ]);
    expect((await admin.get(`/sources/${uuid}/vuln/os`)).json()).toEqual({
      source_id: uuid,
      vulnerability_type: 'os',
      vulnerabilities: [],
    });
    expect(await listed('?will_not_fix=true')).toEqual([]);
    expect(await listed('?include_vuln_description=true&will_not_fix=false&force_refresh=true')).toHaveLength(1);
    const before = (await admin.get(`/sources/${uuid}/check`)).json();
    await publish('2026-01-02T00:00:00Z', [LODASH, advisory('GHSA-min', 'minimist', '<1.2.6', undefined)]);
    expect((await listed('?will_not_fix=true')).map((row) => row.vuln)).toEqual(['GHSA-min']);
    expect((await listed('?will_not_fix=false')).map((row) => row.vuln)).toEqual(['GHSA-35jh-r3h4-6jhm']);
    const after = (await admin.get(`/sources/${uuid}/check`)).json();
    expect(after.evaluation_id).not.toBe(before.evaluation_id);
  });

  it('is judged by the source mappings of a policy', async () => {
    const policy = {
      id: 'for-sources',
      name: 'for sources',
      version: '2',
      rule_sets: [
        {
          id: 'rs',
          name: 'rs',
          version: '2',
          artifact_type: 'source',
          rules: [
            {
              id: 'r1',
              gate: 'vulnerabilities',
              trigger: 'package',
              action: 'STOP',
              params: [
                { name: 'package_type', value: 'all' },
                { name: 'severity_comparison', value: '>=' },
                { name: 'severity', value: 'high' },
                { name: 'vendor_only', value: 'false' },
              ],
              recommendation: 'upgrade',
            },
          ],
        },
      ],
      allowlists: [
        {
          id: 'al',
          name: 'al',
          version: '2',
          items: [{ id: 'i1', gate: 'vulnerabilities', trigger_id: 'GHSA-min+*' }],
        },
      ],
      mappings: [],
      source_mappings: [
        {
          id: 'sm',
          name: 'web',
          host: 'git.example.org',
          repository: 'team/*',
          rule_set_ids: ['rs'],
          allowlist_ids: ['al'],
        },
      ],
    };
    expect((await admin.post('/policies', policy)).statusCode).toBe(200);
    const check = await admin.get(`/sources/${uuid}/check?policy_id=for-sources`);
    expect(check.statusCode).toBe(200);
    const verdict = check.json();
    expect(verdict).toMatchObject({
      account_name: 'admin',
      source_id: uuid,
      ...WEB,
      source_mapped_to_rule: true,
      matched_mapping_rule: { id: 'sm' },
      status: 'fail',
      final_action: 'stop',
      final_action_reason: 'policy_evaluation',
      evaluation_problems: [],
      policy: { id: 'for-sources' },
    });
    expect(verdict.findings).toHaveLength(verdict.number_of_findings);
    const byVulnerability = new Map<string, unknown>(
      verdict.findings.map((finding: { trigger_id: string }) => [finding.trigger_id.split('+')[0], finding]),
    );
    expect(byVulnerability.get('GHSA-35jh-r3h4-6jhm')).toMatchObject({
      gate: 'vulnerabilities',
      trigger: 'package',
      action: 'stop',
      policy_id: 'rs',
      rule_id: 'r1',
      recommendation: 'upgrade',
      allowlisted: false,
      allowlist_match: null,
    });
    expect(byVulnerability.get('GHSA-min')).toMatchObject({
      allowlisted: true,
      allowlist_match: { id: 'al', matched_rule_id: 'i1' },
      action: 'go',
    });
    // Nothing changed: the same verdict.
    expect((await admin.get(`/sources/${uuid}/check?policy_id=for-sources`)).json()).toEqual(verdict);
    expect((await admin.get(`/sources/${uuid}/check`)).json().source_mapped_to_rule).toBe(true);
    expect((await admin.get(`/sources/${uuid}/check?policy_id=nonsense`)).statusCode).toBe(404);
  });

  it('is matched as corrections say', async () => {
    const added = await admin.post('/corrections', {
      type: 'package',
      match: { type: 'npm', field_matches: [{ field_name: 'package', field_value: 'lodash' }] },
      replace: [{ field_name: 'version', field_value: '4.17.21' }],
    });
    expect(added.statusCode).toBe(200);
    await app.idle();
    const names = async () =>
      (await admin.get(`/sources/${uuid}/vuln/all`)).json().vulnerabilities.map((row: { vuln: string }) => row.vuln);
    expect(await names()).toEqual(['GHSA-min']);
    // A new source is corrected as well.
    const fresh = await importSource(admin, { ...WEB, revision: 'corrected' }, SBOM);
    await app.idle();
    expect((await admin.get(`/sources/${fresh.uuid}/vuln/all`)).json().vulnerabilities).toHaveLength(1);
    await admin.delete(`/corrections/${added.json().uuid}`);
    await app.idle();
    expect(await names()).toHaveLength(2);
    await admin.delete(`/sources/${fresh.uuid}`);
  });

  it('belongs to one account', async () => {
    expect((await other.get('/sources')).json()).toEqual({ items: [] });
    for (const path of ['', '/content', '/content/npm', '/vuln', '/vuln/all', '/check', '/sbom/native-json'])
      expect([path, (await other.get(`/sources/${uuid}${path}`)).statusCode]).toEqual([path, 404]);
    expect((await other.delete(`/sources/${uuid}`)).statusCode).toBe(404);
    const own = await importSource(other, WEB, nativeSbomOf([{ name: 'lodash', version: '4.17.21' }]));
    expect(own.uuid).not.toBe(uuid);
    await app.idle();
    expect((await other.get(`/sources/${own.uuid}/vuln/all`)).json().vulnerabilities).toEqual([]);
  });

  it('takes another SBOM of the same revision in place of the former', async () => {
    await importSource(admin, WEB, nativeSbomOf([{ name: 'lodash', version: '4.17.21' }]));
    await app.idle();
    expect((await admin.get(`/sources/${uuid}/content/npm`)).json().content).toMatchObject([{ version: '4.17.21' }]);
    expect((await admin.get(`/sources/${uuid}/vuln/all`)).json().vulnerabilities).toEqual([]);
  });

  it('is deleted', async () => {
    const { db } = app.platform.database;
    const { rows } = await sql<{ sbom_key: string }>`select sbom_key from source where uuid = ${uuid}`.execute(db);
    expect((await admin.delete(`/sources/${uuid}`)).statusCode).toBe(204);
    expect((await admin.delete(`/sources/${uuid}`)).statusCode).toBe(204);
    expect((await admin.get(`/sources/${uuid}`)).json().source_status).toBe('deleting');
    expect((await admin.get(`/sources/${uuid}/content`)).statusCode).toBe(404);
    expect((await admin.get('/sources')).json().items.map((item: { uuid: string }) => item.uuid)).not.toContain(uuid);
    await sql`update source set last_updated = now() - interval '1 minute' where uuid = ${uuid}`.execute(db);
    await app.platform.jobs.send(db, 'source-sweep', {}, {});
    await app.idle();
    expect((await admin.get(`/sources/${uuid}`)).statusCode).toBe(404);
    expect(await app.platform.objects.head(rows[0]!.sbom_key)).toBeUndefined();
    expect((await admin.delete(`/sources/${UNKNOWN}`)).statusCode).toBe(404);
  });

  it('is forgotten with its account, objects included', async () => {
    const { db } = app.platform.database;
    const { rows } = await sql<{ key: string }>`
      select sbom_key as key from source where account = 'other'
      union select c.object_key from import_content c join import_operation i on i.uuid = c.import
      where i.account = 'other'`.execute(db);
    expect(rows).toHaveLength(2);
    await admin.put('/accounts/other/state', { state: 'disabled' });
    await admin.delete('/accounts/other');
    await app.idle();
    for (const { key } of rows) expect(await app.platform.objects.head(key)).toBeUndefined();
    const { rows: left } = await sql`
      select 1 from source where account = 'other' union all select 1 from analysis where account = 'other'`.execute(
      db,
    );
    expect(left).toEqual([]);
  });
});
