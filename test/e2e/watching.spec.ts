import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpReceiver, type ReceivedRequest, startReceiver } from '../builders/http-receiver.ts';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { hasProgram, type Started, temporaryFolder, until } from './processes.ts';
import { push, startDockerRegistry } from './registries.ts';
import { startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('watching');
const image = (name: string) => buildOciImage([debianFiles({ bash: '5.2.15-2+b2' }), { 'etc/name': name }]);

let registry: Started & { host: string };
let receiver: HttpReceiver;
let server: Windlass;

const settings = (): Record<string, string> => ({
  WINDLASS_DATA_DIR: `${folder.path}/data`,
  WINDLASS_FEED_URL: `${folder.path}/feed`,
  // past the bounds, which the minus sign allows
  WINDLASS_IMAGE_WATCH_SECONDS: '-1',
  WINDLASS_REPOSITORY_WATCH_SECONDS: '-1',
  WINDLASS_WEBHOOK_GENERAL: JSON.stringify({
    url: `${receiver.url}/<notification_type>/<userId>`,
    user: 'hook',
    pass: 'secret',
  }),
});

const told = (path: string): ReceivedRequest[] => receiver.requests.filter((request) => request.url === path);
const received = (path: string, count = 1) =>
  until(async () => (told(path).length >= count ? told(path) : undefined), `${count} requests at ${path}`, 60);

// biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
const bodyOf = (request: ReceivedRequest): any => JSON.parse(request.body);

describe.skipIf(!hasProgram('docker-registry'))('watching a registry (needs docker-registry)', () => {
  beforeAll(async () => {
    registry = await startDockerRegistry(folder.path);
    receiver = await startReceiver();
    server = await startWindlass(settings());
  });
  afterAll(async () => {
    await server?.kill('SIGKILL');
    await receiver?.close();
    await registry?.kill('SIGKILL');
    folder.remove();
  });

  it('says in the log that its cycles are forced', () => {
    expect(server.output()).toContain('image_watcher: 1 s is forced past the bounds 300 to 604800');
  });

  it('analyses what a moved tag points to and tells the receiver in the envelope it knows', async () => {
    const [first, second] = [image('one'), image('two')];
    const tag = `${registry.host}/team/app:1`;
    await push(registry.host, 'team/app', '1', first);
    const added = await server.call('POST', '/v2/images?auto_subscribe=true', {
      json: { source: { tag: { pull_string: tag } }, annotations: { team: 'red' } },
    });
    expect(added.body.image_digest).toBe(first.digest);
    await server.settled(first.digest);
    await push(registry.host, 'team/app', '1', second);
    const [update] = await received('/tag_update/admin');
    expect((await server.settled(second.digest)).analysis_status).toBe('analyzed');
    expect(update!.headers.authorization).toBe(`Basic ${Buffer.from('hook:secret').toString('base64')}`);
    const envelope = bodyOf(update!);
    expect(envelope).toMatchObject({
      queue_id: 'tag_update',
      account_name: 'admin',
      data_id: update!.headers['x-windlass-delivery'],
      record_state_key: 'active',
      tries: 1,
      data: {
        notification_user: 'admin',
        notification_type: 'tag_update',
        notification_payload: {
          account_name: 'admin',
          subscription_key: tag,
          subscription_type: 'tag_update',
          last_eval: [first.digest],
          curr_eval: [second.digest],
          annotations: {},
        },
      },
    });
    expect(envelope.max_tries - envelope.created_at).toBe(3_600);
    const analysed = await received('/analysis_update/admin', 2);
    expect(bodyOf(analysed[0]!).data.notification_payload).toMatchObject({
      curr_eval: { image_digest: first.digest, analysis_status: 'analyzed', annotations: { team: 'red' } },
    });
  });

  it('tells of each move once, with what was before, however many there are', async () => {
    const tag = `${registry.host}/team/moving:1`;
    const images = Array.from({ length: 8 }, (_, index) => image(`move ${index}`));
    const moves = async (): Promise<[string, string][]> =>
      (
        await server.call('GET', `/v2/events?event_type=user.image.tag.update&resource_id=${encodeURIComponent(tag)}`)
      ).body.results
        .map(({ event }: { event: { details: { last_eval: string[]; curr_eval: string[] } } }) => [
          event.details.last_eval[0],
          event.details.curr_eval[0],
        ])
        .reverse();
    const seen = (digest: string) =>
      until(async () => ((await moves()).some(([, now]) => now === digest) ? true : undefined), `a move to ${digest}`);
    await push(registry.host, 'team/moving', '1', images[0]!);
    await server.call('POST', '/v2/images?auto_subscribe=true', { json: { source: { tag: { pull_string: tag } } } });
    await push(registry.host, 'team/moving', '1', images[1]!);
    await seen(images[1]!.digest);
    await push(registry.host, 'team/moving', '1', images[2]!);
    await seen(images[2]!.digest);
    // Some of these are moves between two looks; back and forth too.
    for (const next of [3, 4, 5, 4, 6, 7]) await push(registry.host, 'team/moving', '1', images[next]!);
    await seen(images[7]!.digest);
    const all = await moves();
    expect(all[0]).toEqual([images[0]!.digest, images[1]!.digest]);
    for (const [index, [before]] of all.slice(1).entries()) expect(before).toBe(all[index]![1]);
    expect(all.at(-1)![1]).toBe(images[7]!.digest);
    expect(new Set(all.map(([before, now]) => `${before} ${now}`)).size).toBe(all.length);
    for (const [, digest] of all) expect((await server.settled(digest)).analysis_status).toBe('analyzed');

    // Gone and back as it was: told of as a failure, and as no move.
    const [watch] = (await server.call('GET', '/v2/windlass/watches?subscription_type=tag_update')).body.items.filter(
      (one: { subscription_key: string }) => one.subscription_key === tag,
    );
    const look = async (state: string): Promise<unknown> =>
      until(async () => {
        await server.call('POST', `/v2/windlass/watches/${watch.subscription_id}/check`);
        const { items } = (await server.call('GET', '/v2/windlass/watches?subscription_type=tag_update')).body;
        return items.find((one: { subscription_key: string; state: string }) => one.subscription_key === tag)?.state ===
          state
          ? true
          : undefined;
      }, `the watch is ${state}`);
    await fetch(`http://${registry.host}/v2/team/moving/manifests/${images[7]!.digest}`, { method: 'DELETE' });
    await look('failing');
    await push(registry.host, 'team/moving', '1', images[7]!);
    await look('watching');
    expect(await moves()).toHaveLength(all.length);
    const failures = await server.call(
      'GET',
      `/v2/events?event_type=system.image_analysis.registry_lookup_failed&resource_id=${encodeURIComponent(tag)}`,
    );
    expect(failures.body.results).toHaveLength(1);
  });

  it('finds and analyses new tags of a watched repository', async () => {
    const fresh = image('fresh');
    const repository = encodeURIComponent(`${registry.host}/team/app`);
    expect((await server.call('POST', `/v2/repositories?repository=${repository}&auto_subscribe=true`)).status).toBe(
      200,
    );
    await push(registry.host, 'team/app', 'fresh', fresh);
    await until(async () => {
      const answer = await server.call('GET', `/v2/images/${fresh.digest}`);
      return answer.body?.analysis_status === 'analyzed' ? true : undefined;
    }, 'the new tag is analysed');
  });

  it('delivers after a kill what was not delivered before, with the same id', async () => {
    receiver.requests.length = 0;
    receiver.answer((request) => (request.url === '/tag_update/admin' ? { status: 503 } : { status: 200 }));
    const third = image('three');
    await push(registry.host, 'team/app', '1', third);
    const [refused] = await received('/tag_update/admin');
    await server.kill('SIGKILL');
    receiver.answer(() => ({ status: 200 }));
    const before = told('/tag_update/admin').length;
    server = await startWindlass(settings());
    const [, delivered] = [refused, (await received('/tag_update/admin', before + 1)).at(-1)];
    expect(bodyOf(delivered!).data.notification_payload).toEqual(bodyOf(refused!).data.notification_payload);
    expect(delivered!.headers['x-windlass-delivery']).toBe(refused!.headers['x-windlass-delivery']);
    expect(bodyOf(delivered!).tries).toBeGreaterThan(1);
    const events = await server.call('GET', '/v2/events?event_type=user.image.tag.update');
    expect(
      events.body.results.filter(
        (one: { event: { details: { curr_eval: string[] } } }) => one.event.details.curr_eval[0] === third.digest,
      ),
    ).toHaveLength(1);
  });

  it('tests a webhook: sent, not configured, failing', async () => {
    receiver.requests.length = 0;
    expect((await server.call('POST', '/v2/system/webhooks/general/test?notification_type=vuln_update')).status).toBe(
      200,
    );
    const [sample] = await received('/vuln_update/admin');
    expect(bodyOf(sample!).data.notification_payload).toMatchObject({ subscription_type: 'vuln_update' });
    for (const [target, message] of [
      ['event_log', /not configured/],
      ['nonsense', /must be one of/],
    ] as const) {
      const answer = await server.call('POST', `/v2/system/webhooks/${target}/test`);
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)]);
    }
    receiver.answer(() => ({ status: 500, body: 'broken' }));
    const failed = await server.call('POST', '/v2/system/webhooks/general/test');
    expect([failed.status, failed.body.message]).toEqual([500, expect.stringContaining('answered 500')]);
  });

  it('keeps the configurations of webhooks out of sight', async () => {
    expect((await server.call('GET', '/v2/notifications/selectors')).text).not.toContain('tag.update');
    const deliveries = await server.call('GET', '/v2/windlass/notifications/deliveries');
    expect(deliveries.status).toBe(200);
    const [row] = deliveries.body.items;
    expect(row.endpoint).toBe('legacy-webhook');
    const detail = await server.call('GET', `/v2/windlass/notifications/configurations/${row.configuration_uuid}`);
    expect(detail.status).toBe(404);
  });
});
