import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDueWatchers } from '#features/watching/index.ts';
import { pullForwardWatches } from '#features/watching/store.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let admin: Client;
let other: Client;
let registry: FakeRegistry;

const image = (name: string) => buildOciImage([debianFiles({ bash: '5.2.15-2+b2' }), { 'etc/name': name }]);
const tags = new Map<string, string[]>();

/** Serves the lists of tags, which the plain fake does not. */
function serveTags(): void {
  registry.interfere = (request, response) => {
    const repository = /^\/v2\/(.+)\/tags\/list/.exec(request.url ?? '')?.[1];
    if (repository === undefined) return false;
    const etag = `"${(tags.get(repository) ?? []).join('-')}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return true;
    }
    response.writeHead(200, { 'content-type': 'application/json', etag });
    response.end(JSON.stringify({ name: repository, tags: tags.get(repository) ?? [] }));
    return true;
  };
}

async function watch(): Promise<void> {
  const { database, jobs } = app.platform;
  await startDueWatchers(database, jobs, ['tag', 'repository']);
  await app.idle();
}

/** Makes everything due, as if the cycles and pauses had passed. */
async function skipPauses(): Promise<void> {
  const { db } = app.platform.database;
  await db
    .updateTable('watch')
    .set({ next_check_at: new Date(0) })
    .where('last_reason', 'is distinct from', 'invalid-name')
    .execute();
  await db
    .updateTable('watch_registry')
    .set({ blocked_until: new Date(0) })
    .execute();
}

type Event = { event: { type: string; resource: { id: string }; details: Record<string, unknown> }; event_id: string };
const eventsOf = async (type: string, resource?: string, client = admin): Promise<Event[]> =>
  (
    await client.get(`/events?event_type=${type}${resource ? `&resource_id=${encodeURIComponent(resource)}` : ''}`)
  ).json().results;
const watchOf = async (key: string, type = 'tag_update', client = admin) =>
  (await client.get(`/windlass/watches?subscription_type=${type}`))
    .json()
    .items.find((item: { subscription_key: string }) => item.subscription_key === key);

async function add(tag: string, client = admin, subscribe = true): Promise<string> {
  const answer = await client.post(`/images?auto_subscribe=${subscribe}`, { source: { tag: { pull_string: tag } } });
  expect(answer.statusCode, answer.body).toBe(200);
  await app.idle();
  return answer.json().image_digest;
}

beforeAll(async () => {
  registry = await startFakeRegistry();
  app = await startApplication({ WINDLASS_WEBHOOK_GENERAL: 'http://127.0.0.1:9/<notification_type>/<userId>' });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'other', email: 'other@example.org' });
  await admin.post('/accounts/other/users', { username: 'other-user', password: 'pass-word' });
  await admin.post('/rbac-manager/roles/full-control/members', { username: 'other-user', domain_name: 'other' });
  other = clientFor(app.server, { basic: ['other-user', 'pass-word'] });
});
afterEach(() => {
  registry.interfere = undefined;
  registry.credentials = undefined;
});
afterAll(async () => {
  await app?.close();
  await registry?.close();
});

describe('a watched tag', () => {
  it('that moves is analysed anew, and told of once', async () => {
    const [first, second] = [image('one'), image('two')];
    const tag = `${registry.host}/team/app:1`;
    registry.publish('team/app', '1', first);
    await add(tag);
    await watch();
    expect(await eventsOf('user.image.tag.update')).toEqual([]);
    registry.publish('team/app', '1', second);
    await skipPauses();
    await watch();
    const [event, ...more] = await eventsOf('user.image.tag.update');
    expect(more).toEqual([]);
    expect(event!.event.resource.id).toBe(tag);
    expect(event!.event.details).toMatchObject({
      account_name: 'admin',
      subscription_key: tag,
      subscription_type: 'tag_update',
      notification_id: event!.event_id,
      last_eval: [first.digest],
      curr_eval: [second.digest],
      annotations: {},
    });
    const found = (await admin.get(`/images/${second.digest}`)).json();
    expect(found.analysis_status).toBe('analyzed');
    expect(await watchOf(tag)).toMatchObject({
      state: 'watching',
      known: true,
      seen_digest: second.digest,
      failures: 0,
    });
    await skipPauses();
    await watch();
    expect(await eventsOf('user.image.tag.update')).toHaveLength(1);
    const completed = await eventsOf('user.image.analysis.completed', tag);
    expect(completed[0]!.event.details).toMatchObject({
      subscription_type: 'analysis_update',
      last_eval: { image_digest: second.digest, analysis_status: 'analyzing' },
      curr_eval: { image_digest: second.digest, analysis_status: 'analyzed' },
    });
  });

  it('is asked for with one conditional HEAD while nothing changes', async () => {
    const conditions: unknown[] = [];
    registry.interfere = (request, response) => {
      conditions.push([request.method, request.headers['if-none-match']]);
      response.writeHead(304).end();
      return true;
    };
    await skipPauses();
    await watch();
    expect(conditions).toEqual([['HEAD', `"${image('two').digest}"`]]);
  });

  it('of another account is told to that account alone', async () => {
    const tag = `${registry.host}/team/shared:1`;
    registry.publish('team/shared', '1', image('shared-1'));
    await add(tag, other);
    await add(tag, admin, false);
    await watch();
    registry.publish('team/shared', '1', image('shared-2'));
    await skipPauses();
    await watch();
    expect(await eventsOf('user.image.tag.update', tag, other)).toHaveLength(1);
    expect(await eventsOf('user.image.tag.update', tag)).toEqual([]);
  });

  it('that is gone fails visibly, is told of once, and recovers', async () => {
    const tag = `${registry.host}/team/gone:1`;
    registry.publish('team/gone', '1', image('gone'));
    await add(tag);
    await watch();
    registry.interfere = (request, response) => {
      if (!request.url?.includes('/team/gone/')) return false;
      response.writeHead(404).end();
      return true;
    };
    for (let turn = 0; turn < 3; turn += 1) {
      await skipPauses();
      await watch();
    }
    expect(await watchOf(tag)).toMatchObject({
      state: 'failing',
      failures: 3,
      error: expect.stringContaining('does not have'),
    });
    expect(await eventsOf('system.image_analysis.registry_lookup_failed', tag)).toHaveLength(1);
    expect(await watchOf(`${registry.host}/team/app:1`)).toMatchObject({ state: 'watching' });
    registry.interfere = undefined;
    await skipPauses();
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'watching', failures: 0, error: null });
  });

  it('whose manifest cannot be read raises manifest_parse_fail', async () => {
    const tag = `${registry.host}/team/broken:1`;
    registry.publish('team/broken', '1', image('broken'));
    await add(tag);
    await watch();
    registry.publish('team/broken', '1', {
      blobs: [],
      manifest: { ...image('broken').manifest, bytes: Buffer.from('{"schemaVersion":2,') },
    });
    await skipPauses();
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'failing', failures: 1 });
    expect(await eventsOf('system.image_analysis.manifest_parse_fail', tag)).toHaveLength(1);
    await admin.put(`/subscriptions/${(await watchOf(tag)).subscription_id}`, { active: false });
    expect(await watchOf(tag)).toMatchObject({ state: 'off', next_check_at: null });
  });

  it.each([429, 503])('of a registry that answers %i leaves the registry alone, with one event', async (status) => {
    let asked = 0;
    registry.interfere = (_, response) => {
      asked += 1;
      response.writeHead(status, { 'retry-after': '600' }).end();
      return true;
    };
    const before = (await eventsOf('system.image_analysis.registry_lookup_failed')).length;
    await skipPauses();
    await watch();
    expect(asked).toBeLessThanOrEqual(6);
    const [paused] = (await admin.get('/windlass/watches?state=paused')).json().items;
    expect(Date.parse(paused.next_check_at)).toBeGreaterThan(Date.now() + (status === 429 ? 590_000 : 10_000));
    asked = 0;
    await app.platform.database.db
      .updateTable('watch')
      .set({ next_check_at: new Date(0) })
      .execute();
    await watch();
    expect(asked).toBe(0);
    expect((await eventsOf('system.image_analysis.registry_lookup_failed')).length - before).toBeLessThanOrEqual(1);
    registry.interfere = undefined;
    await skipPauses();
    await watch();
    expect((await admin.get('/windlass/watches?state=paused')).json().items).toEqual([]);
  });

  it('is looked at again at once when the credential changes', async () => {
    const tag = `${registry.host}/team/app:1`;
    registry.credentials = { username: 'ci', password: 'secret' };
    await skipPauses();
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'failing', error: expect.stringContaining('credentials') });
    const body = {
      registry: registry.host,
      registry_user: 'ci',
      registry_pass: 'secret',
      registry_type: 'docker_v2',
      registry_verify: false,
    };
    expect((await admin.post('/registries?validate=false', body)).statusCode).toBe(200);
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'watching', failures: 0 });
    await admin.delete(`/registries/${encodeURIComponent(registry.host)}`);
  });

  it('is looked at within its cycle after the clock was set back', async () => {
    const { db } = app.platform.database;
    const far = new Date(Date.now() + 7 * 86_400_000);
    await db.updateTable('watch').set({ next_check_at: far }).where('kind', '=', 'tag').execute();
    await pullForwardWatches(db, 'tag', { cycle: 3_600, limit: 4_000 });
    const rows = await db.selectFrom('watch').select('next_check_at').where('kind', '=', 'tag').execute();
    for (const { next_check_at } of rows) expect(next_check_at.getTime()).toBeLessThan(Date.now() + 3_700_000);
  });

  it('of a disabled account is left alone', async () => {
    await admin.put('/accounts/other/state', { state: 'disabled' });
    registry.requests.length = 0;
    await skipPauses();
    await watch();
    expect(registry.requests.some((path) => path.includes('team/app'))).toBe(true);
    const shared = registry.requests.filter((path) => path.includes('team/shared'));
    expect(shared).toEqual([]);
    await admin.put('/accounts/other/state', { state: 'enabled' });
  });
});

describe('a subscription to something that does not exist', () => {
  it.each([
    ['tag_update', 'not a tag at all!', 'invalid'],
    ['tag_update', `registry.invalid/x@sha256:${'0'.repeat(64)}`, 'invalid'],
    ['repo_update', 'registry.invalid/team/app:1', 'invalid'],
    ['policy_eval', 'docker.io/never/seen:1', 'on'],
    ['vuln_update', 'docker.io/never/seen:1', 'on'],
  ])('%s of %s is harmless and visible', async (type, key, state) => {
    const made = await admin.post('/subscriptions', { subscription_type: type, subscription_key: key, active: true });
    expect(made.statusCode).toBe(200);
    await watch();
    expect(await watchOf(key, type)).toMatchObject({ state, known: false, active: true });
  });

  it('is added when its tag appears', async () => {
    const tag = `${registry.host}/team/later:1`;
    await admin.post('/subscriptions', { subscription_type: 'tag_update', subscription_key: tag, active: true });
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'failing', known: false });
    registry.publish('team/later', '1', image('later'));
    await skipPauses();
    await watch();
    expect(await watchOf(tag)).toMatchObject({ state: 'watching', known: true });
    expect((await admin.get(`/images/${image('later').digest}`)).json().analysis_status).toBe('analyzed');
    expect(await eventsOf('user.image.tag.update', tag)).toEqual([]);
  });
});

describe('a watched repository', () => {
  const repository = () => `${registry.host}/team/many`;

  it('has new tags added, with their subscriptions', async () => {
    registry.publish('team/many', 'a', image('many-a'));
    registry.publish('team/many', 'b', image('many-b'));
    tags.set('team/many', ['a', 'b']);
    serveTags();
    const made = await admin.post(`/repositories?repository=${encodeURIComponent(repository())}&auto_subscribe=true`);
    expect(made.statusCode).toBe(200);
    await app.idle();
    await watch();
    registry.publish('team/many', 'c', image('many-c'));
    tags.set('team/many', ['b', 'c']);
    await skipPauses();
    await watch();
    expect((await admin.get(`/images/${image('many-c').digest}`)).json().analysis_status).toBe('analyzed');
    const [row] = (await admin.get('/subscriptions?subscription_type=repo_update'))
      .json()
      .filter((one: { subscription_key: string }) => one.subscription_key === repository());
    expect(JSON.parse(row.subscription_value)).toEqual({
      autosubscribe: true,
      lookuptag: 'latest',
      repotags: ['b', 'c'],
      tagcount: 2,
    });
    const [subscription] = (
      await admin.get(
        `/subscriptions?subscription_type=tag_update&subscription_key=${encodeURIComponent(`${repository()}:c`)}`,
      )
    ).json();
    expect(subscription.active).toBe(true);
  });

  it('that cannot be listed is told of once', async () => {
    registry.interfere = (request, response) => {
      if (!request.url?.includes('/tags/list')) return false;
      response.writeHead(403).end();
      return true;
    };
    for (let turn = 0; turn < 3; turn += 1) {
      await skipPauses();
      await watch();
    }
    expect(await eventsOf('system.repository.list_tags_fail', repository())).toHaveLength(1);
    expect(await watchOf(repository(), 'repo_update')).toMatchObject({ state: 'failing', failures: 3 });
  });
});

describe('a registry hook', () => {
  let events: string;
  let hookId: string;
  const push = (tag: string, repository = 'team/app', host = registry.host) => ({
    events: [
      {
        id: '1',
        action: 'push',
        target: { mediaType: 'application/vnd.oci.image.manifest.v1+json', repository, tag },
        request: { host },
      },
    ],
  });
  const anonymous = () => clientFor(app.server, undefined);
  const send = (path: string, body: unknown, type = 'application/vnd.docker.distribution.events.v2+json') =>
    anonymous().request('POST', path, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': type },
    });

  it('shows its token once and keeps only a hash', async () => {
    const made = await admin.post('/windlass/registry-hooks', { name: 'ci' });
    expect(made.statusCode).toBe(201);
    const { token, events_path, hook_id } = made.json();
    events = events_path;
    hookId = hook_id;
    expect(token).toMatch(/^wlh_[\w-]{43}$/);
    const [listed] = (await admin.get('/windlass/registry-hooks')).json().items;
    expect(listed).toMatchObject({ hook_id, name: 'ci', registry: null, received: 0 });
    const stored = JSON.stringify(await app.platform.database.db.selectFrom('registry_hook').selectAll().execute());
    expect(stored + JSON.stringify(listed)).not.toContain(token);
  });

  it('makes a watched tag be looked at at once', async () => {
    await skipPauses();
    await watch();
    registry.publish('team/app', '1', image('three'));
    const answer = await send(events, push('1'));
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toEqual({ format: 'distribution', pushes: 1, tags: 1, repositories: 0 });
    await app.idle();
    expect(await watchOf(`${registry.host}/team/app:1`)).toMatchObject({ seen_digest: image('three').digest });
  });

  it('finds new tags of a watched repository', async () => {
    serveTags();
    registry.publish('team/many', 'd', image('many-d'));
    tags.set('team/many', ['b', 'c', 'd']);
    expect((await send(events, push('d', 'team/many'))).json()).toMatchObject({ tags: 0, repositories: 1 });
    await app.idle();
    expect((await admin.get(`/images/${image('many-d').digest}`)).json().analysis_status).toBe('analyzed');
  });

  it('touches nothing of other accounts', async () => {
    expect((await send(events, push('1', 'team/shared'))).json()).toMatchObject({ tags: 0, repositories: 0 });
    expect((await other.get(`/windlass/registry-hooks/${hookId}`)).statusCode).toBe(404);
    expect((await other.delete(`/windlass/registry-hooks/${hookId}`)).statusCode).toBe(404);
  });

  it('with a registry of its own takes events under that name', async () => {
    const { events_path } = (
      await admin.post('/windlass/registry-hooks', { name: 'inside', registry: registry.host })
    ).json();
    expect((await send(events_path, push('1', 'team/app', 'registry.internal:5000'))).json()).toMatchObject({
      tags: 1,
    });
  });

  it.each([
    ['no JSON', '<xml/>', /not JSON/],
    ['another body', { hello: 'world' }, /not an event of a registry/],
    ['an empty body', '', /not JSON/],
    [
      'too much',
      { events: Array.from({ length: 1_001 }, () => push('1', 'team/app', 'registry.test').events[0]) },
      /at most 1000/,
    ],
    [
      'no registry',
      { events: [{ action: 'push', target: { repository: 'team/app', tag: '1' } }] },
      /does not say of which registry/,
    ],
    ['a name that is none', push('1', 'Team App', 'registry.test'), /./],
  ])('answers 400 with the reason: %s', async (_, body, reason) => {
    const answer = await send(events, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toMatch(reason);
    expect((await admin.get(`/windlass/registry-hooks/${hookId}`)).json().last_refusal).toMatch(reason);
  });

  it('refuses a body without end', async () => {
    expect((await send(events, 'x'.repeat(1024 * 1024 + 1))).statusCode).toBe(400);
  });

  it('leaves no token in the audit log, and is worth nothing once it is off or gone', async () => {
    const audit = JSON.stringify((await admin.get('/windlass/audit?limit=200')).json());
    expect(audit).not.toContain(events.split('/')[4]);
    expect((await admin.patch(`/windlass/registry-hooks/${hookId}`, { active: false })).json().active).toBe(false);
    expect((await send(events, push('1'))).statusCode).toBe(404);
    await admin.patch(`/windlass/registry-hooks/${hookId}`, { active: true });
    expect((await send(events, push('1'))).statusCode).toBe(200);
    expect((await admin.delete(`/windlass/registry-hooks/${hookId}`)).statusCode).toBe(204);
    expect((await send(events, push('1'))).statusCode).toBe(404);
  });
});

describe('check_watch', () => {
  it('looks at once; says why when it cannot', async () => {
    const tag = `${registry.host}/team/app:1`;
    const { subscription_id } = await watchOf(tag);
    registry.requests.length = 0;
    expect((await admin.post(`/windlass/watches/${subscription_id}/check`)).statusCode).toBe(202);
    await app.idle();
    expect(registry.requests).toContain('/v2/team/app/manifests/1');
    expect((await other.post(`/windlass/watches/${subscription_id}/check`)).statusCode).toBe(404);
    const policy = await watchOf(tag, 'policy_eval');
    expect((await admin.post(`/windlass/watches/${policy.subscription_id}/check`)).json().message).toMatch(
      /policy_eval/,
    );
  });
});
