import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createOutbound, type Outbound } from '#platform/http/outbound.ts';
import {
  digestOf,
  type KubernetesServer,
  namespaceObject,
  nodeObject,
  podObject,
  startKubernetesServer,
} from '../../../test/builders/kubernetes-server.ts';
import { type FakeReportServer, startReportServer } from '../../../test/builders/report-server.ts';
import { readAgentSettings } from '../delivery/index.ts';
import { KUBERNETES_AGENT_VARIABLES, KubernetesAgentSettings } from './configuration.ts';
import { runKubernetesAgent } from './run-agent.ts';

let cluster: KubernetesServer;
let fake: FakeReportServer;
let outbound: Outbound;
let directory: string;
let ending: AbortController;
let said: string[];
beforeEach(async () => {
  cluster = await startKubernetesServer();
  fake = await startReportServer();
  outbound = createOutbound();
  directory = mkdtempSync(join(tmpdir(), 'windlass-agent-'));
  ending = new AbortController();
  said = [];
  for (const name of ['prod', 'kube-system', 'empty']) cluster.add('namespaces', namespaceObject(name, { team: name }));
  cluster.add('nodes', nodeObject('node-1'));
  cluster.add(
    'pods',
    podObject('prod', 'web', [['nginx:1.25', digestOf('a')]], { node: 'node-1', init: [['busybox:1', digestOf('b')]] }),
  );
  cluster.add('pods', podObject('kube-system', 'dns', [['dns:1', digestOf('c')]]));
});
afterEach(async () => {
  ending.abort();
  await outbound.close();
  await cluster.close();
  await fake.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Writes a kubeconfig with one user for the cluster. */
function kubeconfig(user: Record<string, unknown> = { token: 'good-token' }, server = cluster, name = 'east'): string {
  const path = join(directory, `${name}.yaml`);
  const ca = Buffer.from(server.authority.cert).toString('base64');
  writeFileSync(
    path,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'main',
      contexts: [{ name: 'main', context: { cluster: name, user: 'me' } }],
      clusters: [{ name, cluster: { server: server.url, 'certificate-authority-data': ca } }],
      users: [{ name: 'me', user }],
    }),
  );
  return path;
}

const log = Object.fromEntries(
  ['info', 'warn', 'error'].map((level) => [
    level,
    (message: string, fields: unknown) => void said.push(`${level} ${message} ${JSON.stringify(fields)}`),
  ]),
) as unknown as Parameters<typeof runKubernetesAgent>[1]['log'];

function run(settings: Record<string, unknown> = {}, once = true, env: Record<string, string> = {}) {
  const { server: more, ...rest } = settings as { server?: object; clusters?: object[] };
  const all = readAgentSettings(KubernetesAgentSettings, {
    yaml: stringify({
      server: { url: fake.url, username: 'agent', password: 'secret', ...more },
      clusters: rest.clusters ?? [{ kubeconfig: kubeconfig() }],
      'change-delay-seconds': 0,
      spool: { directory: join(directory, 'spool') },
      ...rest,
    }),
    env: {},
    variables: {},
  });
  return runKubernetesAgent(all, { fetcher: outbound, env, log, signal: ending.signal, version: '0.1.0' }, { once });
}

const inventories = () => fake.accepted.filter((one) => one.path.endsWith('kubernetes-inventory'));
const names = (report: { body: { namespaces: { name: string }[] } } | undefined) =>
  report?.body.namespaces.map((one) => one.name).sort();

describe('once', () => {
  it('reports the whole cluster', async () => {
    expect(await run()).toBe(true);
    const [report] = inventories();
    expect(names(report)).toEqual(['empty', 'kube-system', 'prod']);
    expect(report!.body).toMatchObject({
      cluster_name: 'east',
      serverVersionMetadata: { gitVersion: 'v1.31.2' },
      nodes: [{ name: 'node-1', arch: 'amd64', operating_system: 'linux' }],
    });
    expect(
      report!.body.containers.map((one: Record<string, string>) => `${one.image_tag} ${one.image_digest}`),
    ).toEqual([`busybox:1 ${digestOf('b')}`, `nginx:1.25 ${digestOf('a')}`, `dns:1 ${digestOf('c')}`]);
  });
  it('selects, routes and divides', async () => {
    await run({
      namespaces: { exclude: ['kube-.*'] },
      accounts: {
        routes: [{ account: 'team-a', namespaces: ['^prod$'], username: 'a', password: 'x' }],
        label: { key: 'team' },
      },
      limits: { namespaces: 1 },
    });
    expect(inventories().map((one) => [one.account, one.user, names(one)])).toEqual([
      ['team-a', 'a', ['prod']],
      ['empty', 'agent', ['empty']],
    ]);
    expect(new Set(inventories().map((one) => one.body.timestamp)).size).toBe(1);
  });
  it('needs rights on the named namespaces only', async () => {
    cluster.behaviour.forbid = /^\/api\/v1\/(pods|nodes|namespaces)$/;
    expect(await run({ namespaces: { include: ['prod', 'nowhere'] } })).toBe(true);
    expect(names(inventories()[0])).toEqual(['prod']);
    expect(inventories()[0]!.body.pods[0]).not.toHaveProperty('node_uid');
    expect(said.filter((line) => line.startsWith('warn'))).toHaveLength(2);
  });
  it('reports several clusters, and those that work when one does not', async () => {
    const west = await startKubernetesServer();
    west.add('namespaces', namespaceObject('there'));
    const clusters = [
      { kubeconfig: kubeconfig({ token: 'wrong' }) },
      { name: 'renamed', kubeconfig: kubeconfig({ token: 'good-token' }, west, 'west') },
    ];
    expect(await run({ clusters })).toBe(false);
    await west.close();
    expect(inventories().map((one) => [one.body.cluster_name, names(one)])).toEqual([['renamed', ['there']]]);
    expect(said.join()).toContain('the cluster could not be read');
    expect(said.join()).not.toContain('wrong');
  });
  it('keeps the report on disk when the server is away, and sends it the next time', async () => {
    fake.refuse = () => ({ status: 502 });
    expect(await run()).toBe(false);
    fake.refuse = undefined;
    expect(await run()).toBe(true);
    expect(inventories()).toHaveLength(2);
  });
});

describe('log-in', () => {
  const write = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  it.each<[string, () => Record<string, unknown>]>([
    ['a token file', () => ({ tokenFile: write('token', 'good-token\n') })],
    [
      'a client certificate',
      () => {
        const { cert, key } = cluster.clientIdentity();
        return { 'client-certificate-data': Buffer.from(cert).toString('base64'), 'client-key': write('key.pem', key) };
      },
    ],
    [
      'a credential program',
      () => {
        const credential = {
          kind: 'ExecCredential',
          status: { token: 'good-token', expirationTimestamp: '2999-01-01T00:00:00Z' },
        };
        const program = write('login', `#!/bin/sh\ntest -n "$KUBERNETES_EXEC_INFO" && echo "$CREDENTIAL"\n`);
        chmodSync(program, 0o700);
        return { exec: { command: './login', env: [{ name: 'CREDENTIAL', value: JSON.stringify(credential) }] } };
      },
    ],
  ])('by %s', async (_, user) => {
    expect(await run({ clusters: [{ kubeconfig: kubeconfig(user()) }] })).toBe(true);
  });
  it('says that a credential program failed', async () => {
    const exec = { command: 'sh', args: ['-c', 'echo no session >&2; exit 1'] };
    expect(await run({ clusters: [{ kubeconfig: kubeconfig({ exec }) }] })).toBe(false);
    expect(said.join()).toContain('no session');
  });
});

describe('watching', () => {
  const reported = async (condition: () => boolean) => fake.until(condition);
  it('reports everything, then only changed namespaces', async () => {
    const running = run({}, false);
    await reported(() => inventories().length >= 1);
    const before = inventories().length;
    cluster.add('pods', podObject('prod', 'new', [['redis:7', digestOf('d')]], { node: 'node-1' }));
    await reported(() => inventories().length > before);
    const report = inventories().at(-1)!;
    expect(names(report)).toEqual(['prod']);
    expect(report.body.containers.map((one: { image_tag: string }) => one.image_tag)).toContain('redis:7');
    ending.abort();
    await running;
  });
  it('does not report changes that say nothing new about images', async () => {
    const running = run({}, false);
    await reported(() => inventories().length >= 1);
    const quiet = podObject('kube-system', 'other', [['x:1', digestOf('e')]]);
    cluster.add('pods', quiet);
    await reported(() => inventories().length >= 2);
    cluster.change('pods', { ...quiet, metadata: { ...quiet.metadata, labels: { a: 'b' } } });
    cluster.remove('pods', quiet.metadata.uid);
    await reported(() => inventories().length >= 3);
    expect(inventories().map(names).slice(1)).toEqual([['kube-system'], ['kube-system']]);
    expect(inventories()[2]!.body.containers).toHaveLength(1);
    ending.abort();
    await running;
  });
  it('goes on after the server forgot its version and after it was restarted', async () => {
    cluster.behaviour.goneWatches = 3;
    const running = run({}, false);
    await reported(() => inventories().length >= 1);
    cluster.add('pods', podObject('prod', 'one', [['one:1', digestOf('d')]]));
    const tags = () =>
      inventories().flatMap((one) => one.body.containers.map((two: { image_tag: string }) => two.image_tag));
    await reported(() => tags().includes('one:1'));
    cluster.dropWatches();
    cluster.add('pods', podObject('empty', 'two', [['two:1', digestOf('e')]]));
    await reported(() => tags().includes('two:1'));
    ending.abort();
    await running;
  });
  it('registers and reports health meanwhile', async () => {
    const running = run({ integration: { name: 'mine' } }, false);
    await fake.until(() => fake.accepted.some((one) => one.path.endsWith('/health-report')));
    ending.abort();
    await running;
    expect(fake.accepted.find((one) => one.path.endsWith('/registration'))!.body).toMatchObject({
      name: 'mine',
      cluster_name: 'east',
    });
  });
});

describe('settings', () => {
  const read = (yaml: string | undefined, env: Record<string, string> = {}) =>
    readAgentSettings(KubernetesAgentSettings, { yaml, env, variables: KUBERNETES_AGENT_VARIABLES });
  it('come from variables alone', () => {
    const settings = read(undefined, {
      WINDLASS_URL: 'https://a.example',
      WINDLASS_AGENT_URL: 'https://b.example',
      WINDLASS_USERNAME: 'u',
      WINDLASS_AGENT_CLUSTER_NAME: 'c',
      WINDLASS_AGENT_NAMESPACES: 'a, b',
      WINDLASS_AGENT_INTERVAL_SECONDS: '60',
      WINDLASS_AGENT_INSECURE: 'true',
    });
    expect(settings).toMatchObject({
      server: { url: 'https://b.example', username: 'u', insecure: true },
      clusters: [{ name: 'c' }],
      namespaces: { include: ['a', 'b'] },
      'report-interval-seconds': 60,
    });
  });
  it.each([
    ['unknown: 1', 'unknown'],
    ['mode: stream', 'mode'],
    ['namespaces: { exclude: ["("] }', 'namespaces.exclude.0'],
    ['namespaces: { include: ["../x"] }', 'namespaces.include.0'],
    ['[]', 'mapping'],
    ['a: [', 'YAML'],
    ['server: {}', 'server.username'],
  ])('say what is wrong with %s', (yaml, words) => {
    expect(() => read(yaml)).toThrow(words);
  });
});
