import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound } from '#platform/http/outbound.ts';
import { createAuthority } from '../../../test/builders/certificates.ts';
import {
  digestOf,
  type KubernetesServer,
  namespaceObject,
  podObject,
  startKubernetesServer,
} from '../../../test/builders/kubernetes-server.ts';
import { createKubernetesClient, DEFAULT_LIMITS, type KubernetesConnection, type KubernetesLimits } from './client.ts';
import { readRunningImages } from './running-images.ts';

let server: KubernetesServer;
let outbound: Outbound;
beforeEach(async () => {
  server = await startKubernetesServer();
  outbound = createOutbound();
});
afterEach(async () => {
  await outbound.close();
  await server.close();
});

function client(change: Partial<KubernetesConnection> = {}, limits: Partial<KubernetesLimits> = {}) {
  const connection = {
    server: server.url,
    tls: { ca: server.authority.cert, caOnly: true },
    headers: async () => ({ authorization: 'Bearer good-token' }),
    ...change,
  };
  return createKubernetesClient(outbound, connection, { ...DEFAULT_LIMITS, ...limits });
}

function fill(): void {
  for (const name of ['prod', 'empty', 'test']) server.add('namespaces', namespaceObject(name));
  server.add(
    'pods',
    podObject('prod', 'web', [['nginx:1.25', digestOf('a')]], { init: [['busybox:1', digestOf('b')]] }),
  );
  server.add('pods', podObject('prod', 'web-2', [['nginx:1.25', digestOf('a')]]));
  server.add('pods', podObject('prod', 'job', [['job:1', digestOf('c')]], { phase: 'Succeeded' }));
  server.add('pods', podObject('test', 'web', [['nginx', digestOf('d')]]));
  server.add('pods', podObject('test', 'pinned', [[`team/app@${digestOf('e')}`, digestOf('e')]]));
}

const PROD = {
  namespace: 'prod',
  images: [
    { tag: 'busybox:1', digest: digestOf('b') },
    { tag: 'nginx:1.25', digest: digestOf('a') },
  ],
};

describe('reading a cluster', () => {
  it('finds every namespace and its images, page by page', async () => {
    fill();
    expect(await readRunningImages(client({}, { pageSize: 2 }), [])).toEqual([
      PROD,
      { namespace: 'empty', images: [] },
      {
        namespace: 'test',
        images: [
          { tag: 'nginx:latest', digest: digestOf('d') },
          { tag: `team/app:${'e'.repeat(64)}`, digest: digestOf('e') },
        ],
      },
    ]);
    expect(server.requests.filter((path) => path.startsWith('/api/v1/pods')).length).toBe(3);
  });
  it('asks for named namespaces only; a missing one has no images', async () => {
    fill();
    server.behaviour.forbid = /^\/api\/v1\/(pods|namespaces|nodes)$/;
    expect(await readRunningImages(client(), ['prod', 'nowhere', 'prod'])).toEqual([
      PROD,
      { namespace: 'nowhere', images: [] },
    ]);
  });
  it('takes "all" among others as everything', async () => {
    fill();
    expect((await readRunningImages(client(), ['prod', 'all'])).map((one) => one.namespace)).toEqual([
      'prod',
      'empty',
      'test',
    ]);
  });
  it('logs in with a certificate', async () => {
    fill();
    const tls = { ca: server.authority.cert, caOnly: true, ...server.clientIdentity() };
    expect(await readRunningImages(client({ tls, headers: async () => ({}) }), ['prod'])).toEqual([PROD]);
  });
  it('trusts an intermediate authority without its root', async () => {
    await server.close();
    const root = createAuthority('root');
    const intermediate = createAuthority('intermediate', { name: 'root', key: root.key });
    server = await startKubernetesServer({ identity: intermediate.issue(['127.0.0.1']) });
    fill();
    const tls = { ca: intermediate.cert, caOnly: true };
    expect(await readRunningImages(client({ tls }), ['prod'])).toEqual([PROD]);
  });
  it('begins a list again when its continue token expired', async () => {
    fill();
    server.behaviour.expireContinue = true;
    expect((await readRunningImages(client({}, { pageSize: 2 }), ['prod']))[0]).toEqual(PROD);
  });
});

describe('a cluster that cannot be read', () => {
  const read = (change?: Partial<KubernetesConnection>, limits?: Partial<KubernetesLimits>) =>
    readRunningImages(client(change, limits), []).then(
      () => 'read',
      (error) => ({ reason: error.reason, message: error.message }),
    );
  it('refuses the token', async () => {
    expect(await read({ headers: async () => ({ authorization: 'Bearer wrong' }) })).toMatchObject({
      reason: 'unauthorized',
      message: expect.not.stringContaining('wrong'),
    });
  });
  it('forbids listing namespaces: says what to do', async () => {
    server.behaviour.forbid = /namespaces$/;
    expect(await read()).toMatchObject({
      reason: 'forbidden',
      message: expect.stringContaining('name the namespaces'),
    });
  });
  it.each(['same token', 'new tokens'] as const)('pages for ever with %s', async (endless) => {
    server.behaviour.endless = endless;
    expect(await read({}, { maxPages: 5 })).toMatchObject({ reason: 'endless' });
    expect(server.requests.length).toBeLessThanOrEqual(5);
  });
  it('is too slow', async () => {
    server.behaviour.hang = /pods$/;
    expect(await read({}, { timeoutMs: 200 })).toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('0.2 s'),
    });
  });
  it('has a certificate of another authority', async () => {
    const tls = { ca: createAuthority('other').cert, caOnly: true };
    expect(await read({ tls })).toMatchObject({ reason: 'tls' });
  });
  it('has a certificate for another name', async () => {
    await server.close();
    const authority = createAuthority();
    server = await startKubernetesServer({ identity: authority.issue(['other.example']) });
    expect(await read({ tls: { ca: authority.cert, caOnly: true } })).toMatchObject({ reason: 'tls' });
    const tls = { ca: authority.cert, caOnly: true, servername: 'other.example' };
    expect(await read({ tls })).toBe('read');
  });
  it('has an expired certificate', async () => {
    await server.close();
    const authority = createAuthority();
    server = await startKubernetesServer({ identity: authority.issue(['127.0.0.1'], { days: -1 }) });
    expect(await read({ tls: { ca: authority.cert, caOnly: true } })).toMatchObject({ reason: 'tls' });
  });
  it('is at a metadata address', async () => {
    expect(await read({ server: 'https://169.254.169.254' })).toMatchObject({ reason: 'denied' });
  });
  it('sends the client elsewhere', async () => {
    server.behaviour.answer = (_request, response) => {
      response.writeHead(302, { location: 'https://169.254.169.254/' }).end();
      return true;
    };
    expect(await read()).toMatchObject({ reason: 'protocol', message: expect.stringContaining('redirect') });
  });
  it.each([
    ['html', '<html></html>'],
    ['no list', '{"items":7}'],
    ['null', 'null'],
  ])('answers %s', async (_, text) => {
    server.behaviour.answer = (_request, response) => {
      response.writeHead(200).end(text);
      return true;
    };
    expect(await read()).toMatchObject({ reason: 'protocol' });
  });
  it('sends too much', async () => {
    server.behaviour.answer = (_request, response) => {
      response.writeHead(200).end(`{"items":[${'1,'.repeat(5000)}1]}`);
      return true;
    };
    expect(await read({}, { maxBytes: 1000 })).toMatchObject({ reason: 'protocol' });
  });
});
