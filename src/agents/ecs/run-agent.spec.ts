import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { createOutbound, type Outbound } from '#platform/http/outbound.ts';
import { type FakeEcs, startEcs } from '../../../test/builders/ecs-server.ts';
import { type FakeReportServer, startReportServer } from '../../../test/builders/report-server.ts';
import { readAgentSettings } from '../delivery/index.ts';
import { ECS_AGENT_VARIABLES, EcsAgentSettings, runEcsAgent } from './index.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const arn = (kind: string, name: string) => `arn:aws:ecs:eu-central-1:123456789012:${kind}/${name}`;

let ecs: FakeEcs;
let fake: FakeReportServer;
let outbound: Outbound;
let directory: string;
let said: string[];
beforeEach(async () => {
  ecs = await startEcs();
  fake = await startReportServer();
  outbound = createOutbound();
  directory = mkdtempSync(join(tmpdir(), 'windlass-ecs-'));
  said = [];
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_ECS: ecs.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '1',
  }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await outbound.close();
  await ecs.close();
  await fake.close();
  rmSync(directory, { recursive: true, force: true });
});

const note = (message: string, fields?: unknown) => void said.push(`${message} ${JSON.stringify(fields)}`);
function run(settings: Record<string, unknown> = {}) {
  const all = readAgentSettings(EcsAgentSettings, {
    yaml: stringify({
      server: { url: fake.url, username: 'agent', password: 'x' },
      spool: { directory },
      ...settings,
    }),
    env: {},
    variables: ECS_AGENT_VARIABLES,
  });
  const log = { info: note, warn: note, error: note };
  const signal = new AbortController().signal;
  return runEcsAgent(all, { fetcher: outbound, env: {}, log, signal, version: '1' }, { once: true });
}

const task = (cluster: string, n: number, image: string, more: object = {}) => ({
  taskArn: arn('task', `${cluster}/${n}`),
  taskDefinitionArn: arn('task-definition', 'web:1'),
  containers: [{ containerArn: arn('container', `${cluster}/${n}`), name: 'c', image, imageDigest: DIGEST }],
  ...more,
});

describe('the ECS agent', () => {
  it('reads every page of clusters, tasks and services, and reports each cluster', async () => {
    for (const name of ['one', 'two', 'three', 'four', 'empty']) {
      const tasks = Array.from({ length: 125 }, (_, n) =>
        task(name, n, 'nginx:1.25', { group: `service:svc-${n % 11}` }),
      );
      const services = Array.from({ length: 11 }, (_, n) => ({
        serviceArn: arn('service', `${name}/svc-${n}`),
        serviceName: `svc-${n}`,
        tags: [{ key: 'team', value: 'a' }],
      }));
      ecs.clusters.set(arn('cluster', name), name === 'empty' ? { tasks: [], services: [] } : { tasks, services });
    }
    expect(await run()).toBe(true);
    expect(fake.accepted.map((one) => one.body.cluster_arn)).toEqual(
      ['one', 'two', 'three', 'four'].map((name) => arn('cluster', name)),
    );
    const { body } = fake.accepted[0]!;
    expect([body.containers.length, body.tasks.length, body.services.length]).toEqual([125, 125, 11]);
    expect(body.services[0].tags).toEqual({ team: 'a' });
    expect(body.tasks[12].service_arn).toBe(arn('service', 'one/svc-1'));
    expect(ecs.calls.filter((call) => call === 'DescribeTasks')).toHaveLength(8);
  });
  it('names images without a tag by what is known of their digest', async () => {
    const other = `sha256:${'b'.repeat(64)}`;
    ecs.clusters.set(arn('cluster', 'one'), {
      services: [],
      tasks: [
        task('one', 1, 'nginx:1.25'),
        task('one', 2, `nginx@${DIGEST}`),
        task('one', 3, `app@${other}`, {
          containers: [{ containerArn: arn('container', 'x'), name: 'c', image: `app@${other}` }],
        }),
        task('one', 4, 'waiting:1', { containers: [{ containerArn: '', name: 'c', image: 'waiting:1' }] }),
      ],
    });
    await run();
    expect(
      fake.accepted[0]!.body.containers.map((one: Record<string, string>) => [one.image_tag, one.image_digest]),
    ).toEqual([
      ['nginx:1.25', DIGEST],
      ['nginx:1.25', DIGEST],
      ['app:UNKNOWN', other],
    ]);
  });
  it('reports chosen clusters, empty ones when wanted, to an account', async () => {
    for (const name of ['one', 'two']) ecs.clusters.set(arn('cluster', name), { tasks: [], services: [] });
    const server = { url: fake.url, username: 'agent', password: 'x', account: 'team' };
    expect(await run({ server, clusters: ['two'], 'report-empty': true })).toBe(true);
    expect(fake.accepted).toMatchObject([
      { account: 'team', path: '/v2/ecs-inventory', body: { cluster_arn: arn('cluster', 'two') } },
    ]);
  });
  it('says what it may not do', async () => {
    ecs.clusters.set(arn('cluster', 'one'), { tasks: [task('one', 1, 'a:1')], services: [] });
    ecs.denied.add('ListTasks');
    expect(await run()).toBe(false);
    expect(said.join()).toContain('not authorized to perform: ecs:ListTasks');
    expect(said.join()).not.toContain('"secret"');
  });
  it('gives up a list that never ends', async () => {
    ecs.endless = true;
    expect(await run()).toBe(false);
    expect(said.join()).toContain('does not stop paging');
  });
});
