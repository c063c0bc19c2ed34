import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIFECYCLE_JOB } from '#features/lifecycle/index.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { addTenant } from './two-tenants.ts';

const base = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' })]);
const built = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' }), { 'app/readme': 'hello\n' }]);
const NAMES = { base: 'registry.example.org/team/base:1', built: 'registry.example.org/team/app:1' };

let app: Application;
let admin: Client;
let other: Client;

async function upload(image: typeof base, tag: string): Promise<void> {
  const answer = await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(tag)}`, {
    body: ociArchive([{ image, tag: '1' }]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(answer.statusCode).toBe(200);
  await app.idle();
}

/** Days as they pass for the analyses. */
async function age(days: number): Promise<void> {
  await app.platform.database.db
    .updateTable('image')
    .set({ analyzed_at: new Date(Date.now() - days * 86_400_000) })
    .execute();
}

async function run(kind: string): Promise<void> {
  await app.platform.jobs.send(app.platform.database.db, kind, {});
  await app.idle();
}

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  await upload(base, NAMES.base);
  await upload(built, NAMES.built);
});
afterAll(() => app?.close());

describe('the archive', () => {
  it('keeps an image, deletes the original on request and brings it back', async () => {
    const missing = `sha256:${'0'.repeat(64)}`;
    const added = await admin.post('/archives/images', [built.digest, missing]);
    expect(added.json()).toEqual([
      { digest: built.digest, status: 'archived', detail: 'completed' },
      { digest: missing, status: 'error', detail: expect.stringContaining('not found') },
    ]);
    expect((await admin.get('/archives')).json()).toMatchObject({
      images: { total_image_count: 1, total_tag_count: 1 },
    });
    const [record] = (await admin.get('/archives/images')).json();
    expect(record).toMatchObject({
      image_digest: built.digest,
      status: 'archived',
      image_detail: [{ pull_string: NAMES.built, registry: 'registry.example.org', repository: 'team/app', tag: '1' }],
    });
    expect(record.archive_size_bytes).toBeGreaterThan(100);

    const before = (await admin.get(`/images/${built.digest}/check?tag=${encodeURIComponent(NAMES.built)}`)).json();
    const content = (await admin.get(`/images/${built.digest}/content/os`)).json();
    await admin.delete(`/images/${built.digest}?force=true`);
    await app.platform.database.db.deleteFrom('image').where('digest', '=', built.digest).execute();
    await app.platform.database.db.deleteFrom('analysis').where('digest', '=', built.digest).execute();
    expect((await admin.get(`/images/${built.digest}`)).statusCode).toBe(404);

    const restored = await admin.post('/images', { source: { archive: { digest: built.digest } } });
    expect(restored.statusCode).toBe(200);
    await app.idle();
    expect((await admin.get(`/images/${built.digest}`)).json()).toMatchObject({
      analysis_status: 'analyzed',
      image_detail: [{ full_tag: NAMES.built }],
    });
    expect((await admin.get(`/images/${built.digest}/content/os`)).json()).toEqual(content);
    const history = await admin.get(
      `/images/${built.digest}/check?tag=${encodeURIComponent(NAMES.built)}&history=true`,
    );
    expect(JSON.stringify(history.json())).toContain(
      JSON.stringify(before.evaluations[0].evaluation_time).slice(1, -1),
    );
    const events = (await admin.get('/events?event_type=system.image_analysis.restored_from_archive')).json();
    expect(events.item_count).toBe(1);
  });

  it('is of one account', async () => {
    expect((await other.get(`/archives/images/${built.digest}`)).statusCode).toBe(404);
    expect((await other.post('/images', { source: { archive: { digest: built.digest } } })).statusCode).toBe(404);
    expect((await other.get('/archives/images')).json()).toEqual([]);
  });

  it('forgets an image', async () => {
    expect((await admin.delete(`/archives/images/${built.digest}`)).statusCode).toBe(200);
    expect((await admin.get(`/archives/images/${built.digest}`)).statusCode).toBe(404);
    expect((await admin.delete(`/archives/images/${built.digest}`)).statusCode).toBe(404);
    const keys = [];
    for await (const { key } of app.platform.objects.list('archives')) keys.push(key);
    expect(keys).toEqual([]);
  });

  it('refuses requests that make no sense', async () => {
    expect((await admin.post('/archives/images', [])).statusCode).toBe(400);
    expect((await admin.post('/archives/rules', { transition: 'archive' })).json().message).toContain(
      'analysis_age_days',
    );
    expect(
      (
        await admin.post('/archives/rules', { transition: 'archive', analysis_age_days: 1, selector: { tag: '' } })
      ).json().message,
    ).toBe('selector.tag must not be empty: use * for any');
    const own = { transition: 'archive', max_images_per_account: 5 };
    expect((await admin.post('/archives/rules', own)).statusCode).toBe(400);
    expect((await other.post('/archives/rules', { ...own, system_global: true })).statusCode).toBe(403);
  });

  it('is filled and emptied by rules', async () => {
    const rule = (
      await admin.post('/archives/rules', {
        transition: 'archive',
        analysis_age_days: 10,
        selector: { registry: '*', repository: 'team/app', tag: '*' },
        system_global: true,
      })
    ).json();
    expect((await other.get('/archives/rules')).json()).toHaveLength(1);
    expect((await other.get('/archives/rules?system_global=false')).json()).toEqual([]);
    expect((await other.delete(`/archives/rules/${rule.rule_id}`)).statusCode).toBe(403);
    await run('archive-transition');
    expect((await admin.get('/archives/images')).json()).toEqual([]);
    await age(11);
    const preview = await admin.get(`/windlass/archives/rules/${rule.rule_id}/preview`);
    expect(preview.json()).toMatchObject({ transition: 'archive', image_digests: [built.digest] });
    await run('archive-transition');
    expect((await admin.get('/archives/images')).json()).toMatchObject([{ image_digest: built.digest }]);
    expect((await admin.get('/images')).json().items).toMatchObject([{ image_digest: base.digest }]);
    const purge = (await admin.post('/archives/rules', { transition: 'delete', analysis_age_days: 0 })).json();
    await run('archive-transition');
    expect((await admin.get('/archives/images')).json()).toEqual([]);
    for (const { rule_id } of [rule, purge]) {
      expect((await admin.delete(`/archives/rules/${rule_id}`)).statusCode).toBe(200);
    }
    expect((await admin.get(`/archives/rules/${rule.rule_id}`)).statusCode).toBe(404);
  });
});

describe('artifact lifecycle policies', () => {
  const conditions = { artifact_type: 'image', days_since_analyzed: 30, even_if_exists_in_runtime_inventory: false };
  const body = { action: 'delete', name: 'old images', policy_conditions: conditions };
  const path = '/system/artifact-lifecycle-policies';

  it('delete what is old enough, once they are enabled, and keep every version', async () => {
    await app.platform.database.db.deleteFrom('image').where('digest', '=', built.digest).execute();
    await upload(built, NAMES.built);
    const policy = (await admin.post(path, body)).json();
    expect(policy).toMatchObject({
      enabled: false,
      policy_conditions: [{ version: 1, days_since_analyzed: 30, include_base_images: false }],
    });
    expect((await admin.post(path, body)).statusCode).toBe(400);
    await age(31);
    const preview = await admin.get(`/windlass/artifact-lifecycle-policies/${policy.uuid}/preview`);
    expect(preview.json().images).toEqual([{ account_name: 'admin', image_digest: built.digest }]);
    await run(LIFECYCLE_JOB);
    expect((await admin.get('/images')).json().items).toHaveLength(2);

    const enabled = (await admin.put(`${path}/${policy.uuid}`, { ...body, enabled: true })).json();
    expect(enabled).toMatchObject({ enabled: true, policy_conditions: [{ version: 2 }] });
    await run(LIFECYCLE_JOB);
    // The base of another image stays until the policy includes base images.
    expect((await admin.get('/images')).json().items).toMatchObject([{ image_digest: base.digest }]);
    expect((await admin.get(`${path}/${policy.uuid}/versions`)).json().policy_conditions).toHaveLength(2);
    expect((await admin.get(`${path}/${policy.uuid}/versions?version=1`)).json().policy_conditions).toMatchObject([
      { version: 1 },
    ]);
    expect((await admin.get(`${path}/${policy.uuid}/versions?version=9`)).statusCode).toBe(404);
    expect((await admin.delete(`${path}/${policy.uuid}`)).statusCode).toBeLessThan(300);
    expect((await admin.get(path)).json().items).toEqual([]);
    expect((await admin.get(`${path}/${policy.uuid}`)).json().deleted_at).toBeDefined();
    const events = (await admin.get('/events?event_type=system.artifact_lifecycle')).json();
    expect(events.results.map((event: { event: { resource: { id: string } } }) => event.event.resource.id)).toEqual([
      built.digest,
    ]);
  });

  it('are for administrators', async () => {
    expect((await other.get(path)).statusCode).toBe(403);
    expect((await admin.get(`${path}/none`)).statusCode).toBe(404);
  });
});
