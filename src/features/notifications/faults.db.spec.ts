import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendEvents } from '#features/events/index.ts';
import { DeliveryError } from '#notifiers/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { createOutbound, type Outbound } from '#platform/http/index.ts';
import { createAuthority } from '../../../test/builders/certificates.ts';
import { type HttpReceiver, type ReceivedRequest, startReceiver } from '../../../test/builders/http-receiver.ts';
import { pullForward } from './delivery-store.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createNotificationService, type NotificationService } from './service.ts';

const ANY = { scope: 'account', level: '*', resource_type: '*', type: '*' } as const;

let database: Database;
let outbound: Outbound;
let notifications: NotificationService;
let dispatcher: Dispatcher;
let receiver: HttpReceiver;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.insertInto('account').values({ name: 'team', type: 'user' }).execute();
  outbound = createOutbound({});
  const plain = { encryptSecret: (text: string) => text, decryptSecret: (text: string) => text };
  const transport = { fetcher: outbound, addressOf: outbound.addressOf };
  notifications = createNotificationService({ database, secrets: plain as never, transport });
  dispatcher = createDispatcher({
    database,
    notifications,
    settings: { retry_seconds: 3_600 },
    onError: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await dispatcher?.stop();
  await receiver?.close();
  await outbound?.close();
  await database?.close();
});
beforeEach(async () => {
  await receiver?.close();
  receiver = await startReceiver();
  await database.db.deleteFrom('notification_configuration').execute();
  await database.db.deleteFrom('event').execute();
});

async function configure(values: Record<string, unknown> = {}): Promise<string> {
  const { uuid } = await notifications.create('team', 'webhook', { url: receiver.url, ...values });
  await notifications.addSelector('team', false, 'webhook', uuid, ANY);
  return uuid;
}

const raise = (...names: string[]) =>
  appendEvents(
    database.db,
    names.map((name) => ({ name: 'list_tags_fail' as const, account: 'team', resource_id: name })),
  );
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `repository-${index}`);
const rows = () => database.db.selectFrom('notification_delivery').selectAll().orderBy('created_at').execute();
const configurationRow = (uuid: string) =>
  database.db.selectFrom('notification_configuration').selectAll().where('uuid', '=', uuid).executeTakeFirstOrThrow();

/** As if every wait had passed. */
async function skipPauses(): Promise<void> {
  await database.db
    .updateTable('notification_delivery')
    .set({ next_attempt_at: new Date(0) })
    .where('state', '=', 'pending')
    .execute();
  await database.db.updateTable('notification_configuration').set({ paused_until: null }).execute();
}

const resourceOf = ({ body }: ReceivedRequest): string => JSON.parse(body).resource.id;

describe('a receiver that misbehaves in every way', () => {
  it('gets each event, repetitions with the same id', async () => {
    await configure();
    const faults = [
      'close',
      { status: 503 },
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 500, body: 'half', cut: true },
      { status: 307, headers: { location: '/elsewhere' } },
      { status: 408 },
    ] as const;
    const names = numbered(60);
    const taken = new Set<string>();
    const tries = new Map<string, number>();
    receiver.answer((request) => {
      const name = resourceOf(request);
      const count = (tries.get(name) ?? 0) + 1;
      tries.set(name, count);
      // Each event meets other faults, up to three of them; a redirected request is taken where it is sent to.
      const number = Number(name.split('-')[1]);
      const fault =
        request.url === '/elsewhere' || count > number % 4 ? undefined : faults[(number + count) % faults.length];
      if (fault === undefined) taken.add(name);
      return fault ?? { status: 200, body: 'o', cut: number % 5 === 0 };
    });
    await raise(...names);
    for (let turn = 0; turn < 60 && taken.size < names.length; turn += 1) {
      await dispatcher.tick();
      await skipPauses();
    }
    await dispatcher.tick();
    expect([...taken].sort()).toEqual([...names].sort());
    const deliveries = await rows();
    expect(deliveries).toHaveLength(names.length);
    expect(new Set(deliveries.map(({ state }) => state))).toEqual(new Set(['delivered']));
    const ids = Map.groupBy(receiver.requests, resourceOf);
    for (const [name, requests] of ids) {
      expect([name, new Set(requests.map(({ headers }) => headers['x-windlass-delivery'])).size]).toEqual([name, 1]);
      expect(new Set(requests.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
      // An answer that is cut off behind its status is an answer: nothing is sent again for it.
      const direct = requests.filter(({ url }) => url === '/').length;
      expect([name, deliveries.find(({ id }) => id === requests[0]!.headers['x-windlass-delivery'])?.attempts]).toEqual(
        [name, direct],
      );
    }
  });

  it('is left alone while it takes nothing, and asked by fewer', async () => {
    const uuid = await configure();
    receiver.answer(() => ({ status: 503 }));
    await raise(...numbered(40));
    await dispatcher.tick();
    expect(receiver.requests.length).toBeLessThanOrEqual(16);
    const first = receiver.requests.length;
    expect((await configurationRow(uuid)).failures).toBe(1);
    expect((await configurationRow(uuid)).paused_until?.getTime()).toBeGreaterThan(Date.now());
    expect((await rows()).filter(({ attempts }) => attempts === 0)).toHaveLength(40 - first);
    await dispatcher.tick();
    expect(receiver.requests).toHaveLength(first);
    await skipPauses();
    await dispatcher.tick();
    expect(receiver.requests.length - first).toBeLessThanOrEqual(4);
    expect(await configurationRow(uuid)).toMatchObject({ failures: 2, status: 'unhealthy' });
    receiver.answer(() => ({ status: 200 }));
    await skipPauses();
    while ((await dispatcher.tick()) > 0);
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['delivered']));
    expect(await configurationRow(uuid)).toMatchObject({ failures: 0, status: 'healthy', paused_until: null });
  });

  it('of one event still gets the others', async () => {
    const uuid = await configure();
    receiver.answer((request) => ({ status: resourceOf(request) === 'poison' ? 500 : 200 }));
    await raise('poison', ...numbered(20));
    await dispatcher.tick();
    const left = (await rows()).filter(({ state }) => state === 'pending');
    expect(left).toMatchObject([{ attempts: 1, error: 'the receiver answered 500: ' }]);
    expect((await configurationRow(uuid)).paused_until).toBeNull();
    expect(left[0]!.next_attempt_at.getTime()).toBeGreaterThan(Date.now());
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303])(
    '%i would lose the event: it is a dead letter that says where the receiver is',
    async (status) => {
      await configure();
      receiver.answer(() => ({ status, headers: { location: 'https://hooks.example.org/x?token=secret' } }));
      await raise('r');
      await dispatcher.tick();
      expect(receiver.requests.map(({ method }) => method)).toEqual(['POST']);
      const [row] = await rows();
      expect(row).toMatchObject({
        state: 'dead',
        error: `the receiver answered ${status}: it is at https://hooks.example.org now`,
      });
    },
  );

  it.each([307, 308])(
    '%i is followed with the event, and without the password where it leaves the place',
    async (status) => {
      const other = await startReceiver();
      await configure({ username: 'u', password: 'p' });
      receiver.answer(() => ({ status, headers: { location: `${other.url}/there` } }));
      await raise('r');
      await dispatcher.tick();
      await other.close();
      expect(other.requests.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
        ['POST', '/there', undefined],
      ]);
      expect(resourceOf(other.requests[0]!)).toBe('r');
      expect(await rows()).toMatchObject([{ state: 'delivered' }]);
    },
  );
});

it('a certificate that is not trusted delays, and does not lose', async () => {
  const { cert, key } = createAuthority().issue(['localhost']);
  let got = 0;
  const server = createServer({ cert, key }, (request, response) => {
    request.resume().on('end', () => {
      got += 1;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const uuid = await configure({ url });
  await raise('r');
  await dispatcher.tick();
  expect(await rows()).toMatchObject([{ state: 'pending', error: expect.stringMatching(/TLS|certificate/) }]);
  await notifications.update('team', 'webhook', uuid, { url, verify_tls: false });
  await skipPauses();
  await dispatcher.tick();
  server.closeAllConnections();
  server.close();
  expect([got, (await rows())[0]?.state]).toEqual([1, 'delivered']);
});

it('after the clock was set back nothing waits for the time that was', async () => {
  const uuid = await configure();
  receiver.answer(() => ({ status: 503 }));
  await raise('r');
  await dispatcher.tick();
  const far = new Date(Date.now() + 7_200_000);
  await database.db.updateTable('notification_delivery').set({ next_attempt_at: far }).execute();
  await database.db.updateTable('notification_configuration').set({ paused_until: far }).execute();
  await pullForward(database.db, { pausedSeconds: 60, leaseSeconds: 30 });
  const soon = Date.now() + 120_000;
  expect((await rows())[0]!.next_attempt_at.getTime()).toBeLessThan(soon);
  expect((await configurationRow(uuid)).paused_until?.getTime()).toBeLessThan(soon);
});

it('what another process settled meanwhile stays settled', async () => {
  await configure();
  await raise('r');
  const late = createDispatcher({
    database,
    notifications: {
      unseal: notifications.unseal,
      async send() {
        // The lease ran out, and another process delivered it.
        await database.db.updateTable('notification_delivery').set({ state: 'delivered' }).execute();
        throw new DeliveryError('no answer');
      },
    },
    settings: { retry_seconds: 3_600 },
    onError: (error) => {
      throw error;
    },
  });
  await late.tick();
  expect(await rows()).toMatchObject([{ state: 'delivered', error: null }]);
});
