import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound } from '#platform/http/outbound.ts';
import { type FakeReportServer, startReportServer } from '../../../test/builders/report-server.ts';
import { createIntegration, knowsIntegrations } from './integration.ts';
import { createOutbox } from './outbox.ts';
import { createReportServer } from './report-server.ts';
import { openSpool, type SpooledReport } from './spool.ts';

const SILENT = { info() {}, warn() {}, error() {} };
const CREDENTIALS = { username: 'agent', password: 'secret' };
const never = new AbortController().signal;

let fake: FakeReportServer;
let outbound: Outbound;
let directory: string;
beforeEach(async () => {
  fake = await startReportServer();
  outbound = createOutbound();
  directory = mkdtempSync(join(tmpdir(), 'windlass-spool-'));
});
afterEach(async () => {
  await outbound.close();
  await fake.close();
  rmSync(directory, { recursive: true, force: true });
});

const server = (url = fake.url) => createReportServer(outbound, { url, timeoutMs: 5_000 });
const send = (target = server(), account?: string) =>
  target.send(
    'kubernetes',
    { cluster_name: 'c', timestamp: T(0) },
    { credentials: CREDENTIALS, ...(account ? { account } : {}) },
  );
const paths = () => fake.received.map((one) => one.path);

describe('a server', () => {
  it.each(['', '/', '/v2/', '/v1'])('is found at its address with "%s"', async (suffix) => {
    expect(await send(server(fake.url + suffix), 'team')).toEqual({ outcome: 'accepted' });
    expect(fake.received).toMatchObject([{ path: '/v2/kubernetes-inventory', account: 'team', user: 'agent' }]);
  });
  it('of the first generation gets the first path', async () => {
    fake.version = { service: { version: '4.9.0' }, api: {} };
    fake.paths = new Set(['/v1/enterprise/kubernetes-inventory']);
    expect(await send()).toEqual({ outcome: 'accepted' });
  });
  it('that is upgraded while the agent runs gets the new path', async () => {
    fake.version = { service: { version: '4.9.0' }, api: {} };
    fake.paths = new Set(['/v1/enterprise/kubernetes-inventory']);
    const target = server();
    await send(target);
    fake.version = { service: { version: '5.0.0' }, api: { version: '2' } };
    fake.paths = new Set(['/v2/kubernetes-inventory']);
    expect(await send(target)).toEqual({ outcome: 'accepted' });
    expect(paths()).toEqual(['/v1/enterprise/kubernetes-inventory', '/v2/kubernetes-inventory']);
  });
  it.each<[number, string | undefined, string]>([
    [200, '{}', 'accepted'],
    [202, undefined, 'accepted'],
    [200, '<html>login</html>', 'refused'],
    [400, '{"message":"bad"}', 'refused'],
    [401, 'Unauthorized', 'later'],
    [403, '{"message":"Not authorized. Requires permissions"}', 'forbidden'],
    [404, '{"message":"User account not found. Name=x","detail":{}}', 'no_account'],
    [413, undefined, 'refused'],
    [429, undefined, 'later'],
    [500, undefined, 'later'],
    [503, undefined, 'later'],
  ])('that says %s %s', async (status, body, outcome) => {
    fake.refuse = () => ({ status, ...(body ? { body } : {}), headers: { 'retry-after': '7' } });
    const result = await send();
    expect(result.outcome).toBe(outcome);
    if (outcome === 'later') expect(result).toMatchObject({ afterMs: 7000 });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
  it('that cannot be reached may be tried later', async () => {
    expect(await send(server('http://127.0.0.1:1'))).toMatchObject({ outcome: 'later' });
  });
});

const report = (timestamp: string, more: Partial<SpooledReport> = {}): SpooledReport => ({
  kind: 'kubernetes',
  cluster: 'c1',
  timestamp,
  complete: true,
  report: { cluster_name: 'c1', timestamp },
  ...more,
});
const T = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const roomy = { maxBytes: 1e9, maxReports: 1000 };

describe('the spool', () => {
  const stored = async (spool: Awaited<ReturnType<typeof openSpool>>) =>
    Promise.all((await spool.names()).map(async (name) => (await spool.read(name))?.timestamp));
  it('keeps reports in order over a restart, for this user only', async () => {
    let now = 1;
    const spool = await openSpool(directory, roomy, () => now++);
    for (const second of [1, 2, 3]) await spool.put(report(T(second), { complete: false }));
    writeFileSync(join(directory, 'half.json.gz.part'), 'x');
    const again = await openSpool(directory, roomy);
    expect(await stored(again)).toEqual([T(1), T(2), T(3)]);
    expect(readdirSync(directory)).toHaveLength(3);
    expect(statSync(join(directory, (await again.names())[0]!)).mode & 0o077).toBe(0);
  });
  it('drops what a later report of everything supersedes, in its cluster and account only', async () => {
    let now = 1;
    const spool = await openSpool(directory, roomy, () => now++);
    await spool.put(report(T(1)));
    await spool.put(report(T(1), { account: 'other' }));
    await spool.put(report(T(2), { complete: false }));
    await spool.put(report(T(3)));
    await spool.put(report(T(3)));
    expect(await stored(spool)).toEqual([T(1), T(3), T(3)]);
  });
  it('drops the oldest beyond its bounds', async () => {
    let now = 1;
    const spool = await openSpool(directory, { maxBytes: 1e9, maxReports: 2 }, () => now++);
    const dropped = [];
    for (const second of [1, 2, 3, 4]) dropped.push(await spool.put(report(T(second), { complete: false })));
    expect(dropped).toEqual([0, 0, 1, 1]);
    expect(await stored(spool)).toEqual([T(3), T(4)]);
    const tiny = await openSpool(directory, { maxBytes: 1, maxReports: 9 }, () => now++);
    expect(await tiny.put(report(T(5), { complete: false }))).toBe(2);
    expect(await stored(tiny)).toEqual([T(5)]);
  });
  it('removes a damaged file', async () => {
    const spool = await openSpool(directory, roomy);
    await spool.put(report(T(1)));
    const [name] = await spool.names();
    writeFileSync(join(directory, name!), 'no gzip');
    expect(await spool.read(name!)).toBeUndefined();
    expect(await spool.names()).toEqual([]);
  });
});

describe('the outbox', () => {
  async function outbox(limits = roomy) {
    const spool = await openSpool(directory, limits);
    return { spool, box: createOutbox({ server: server(), credentialsFor: () => CREDENTIALS, spool, log: SILENT }) };
  }
  const timestamps = () => fake.accepted.map((one) => one.body.timestamp);

  it('keeps what cannot be delivered and sends it first later', async () => {
    const { box, spool } = await outbox();
    fake.refuse = () => ({ status: 503 });
    expect(await box.deliver(report(T(1), { complete: false }), never)).toBe('spooled');
    expect(await box.deliver(report(T(2), { complete: false }), never)).toBe('spooled');
    const written = readdirSync(directory)
      .map((name) => readFileSync(join(directory, name)).toString('latin1'))
      .join('');
    expect(written).not.toContain('secret');
    fake.refuse = undefined;
    expect(await box.deliver(report(T(3), { complete: false }), never)).toBe('accepted');
    expect(timestamps()).toEqual([T(1), T(2), T(3)]);
    expect(await spool.names()).toEqual([]);
  });
  it('goes on after a report that will never be accepted', async () => {
    const { box, spool } = await outbox();
    await spool.put(report(T(1), { complete: false }));
    await spool.put(report(T(2), { complete: false }));
    fake.refuse = (one) => (one.body.timestamp === T(1) ? { status: 400 } : undefined);
    expect(await box.flush(never)).toBe(true);
    expect(timestamps()).toEqual([T(2)]);
  });
  it('uses the fallback for an account that does not exist', async () => {
    const { box } = await outbox();
    fake.refuse = (one) =>
      one.account === 'gone' ? { status: 404, body: '{"message":"User account not found. Name=gone"}' } : undefined;
    expect(await box.deliver(report(T(1), { account: 'gone', fallbackAccount: 'rest' }), never)).toBe('accepted');
    expect(fake.received.map((one) => one.account)).toEqual(['gone', 'rest']);
    expect(await box.deliver(report(T(2), { account: 'gone' }), never)).toBe('refused');
  });
});

describe('integration', () => {
  it('registers, reports health with what was delivered, and registers again when it is forgotten', async () => {
    const ending = new AbortController();
    const integration = createIntegration(
      server(),
      CREDENTIALS,
      {
        registrationId: 'r',
        instanceId: 'i',
        version: '1.0.0',
        accounts: [],
        namespaces: [],
        clusterName: 'c1',
        healthSeconds: 60,
      },
      SILENT,
    );
    const timestamp = new Date().toISOString();
    integration.noteDelivery(report(timestamp, { account: 'a' }), { outcome: 'accepted' }, 'agent');
    integration.noteDelivery(report(timestamp, { account: 'a' }), { outcome: 'later', message: 'HTTP 503' }, 'agent');
    integration.noteError('cluster away');
    const running = integration.run(ending.signal);
    await fake.until(() => paths().some((path) => path.endsWith('/health-report')));
    ending.abort();
    await running;
    const [registration, health] = fake.received;
    expect(registration!.body).toMatchObject({
      registration_id: 'r',
      type: 'k8s_inventory_agent',
      health_report_interval: 60,
    });
    expect(health!.body.health_data).toMatchObject({
      errors: ['cluster away'],
      account_k8s_inventory_reports: {
        a: {
          account_name: 'a',
          batch_size: 2,
          last_successful_index: 1,
          has_errors: true,
          batches: [{ batch_index: 1 }, { error: 'HTTP 503' }],
        },
      },
    });
  });
  it.each([
    ['5.11.0', true],
    ['v5.20.1-rc1', true],
    ['6.0', true],
    ['5.10.9', false],
    ['', false],
    ['dev', false],
  ])('asks for a version: %s', (version, known) => expect(knowsIntegrations(version)).toBe(known));
});
