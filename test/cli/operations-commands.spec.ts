import { describe, expect, it } from 'vitest';
import { type RunOptions, run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };
const digest = `sha256:${'a'.repeat(64)}`;

/** A server that answers by method and path, and keeps what it was sent. */
function server(answers: Record<string, unknown>) {
  const calls: { key: string; body: unknown }[] = [];
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const key = `${init.method} ${url.replace('http://server:1/v2', '')}`;
    calls.push({ key, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined });
    const value = answers[key];
    if (value === null) return new Response(null, { status: 200 });
    return value === undefined
      ? Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 })
      : Response.json(value);
  };
  return { calls, run: (args: string[], options: RunOptions = {}) => run(args, { env, fetch, ...options }) };
}

describe('notification', () => {
  const base = '/notifications/endpoints';
  const configuration = { uuid: 'c-1', host: 'mail.example.com', port: 587, last_updated: '2026-01-01T00:00:00Z' };

  it('adds a configuration with typed fields, and reads secrets from standard input', async () => {
    const { calls, run: call } = server({ [`POST ${base}/smtp/configurations`]: configuration });
    const { stdout, exitCode } = await call(
      [
        'notification',
        'add',
        'smtp',
        'host=mail.example.com',
        'port=587',
        'use_tls=true',
        'from=a@x',
        'to=b@x',
        'password=-',
      ],
      { stdin: 'very secret\n' },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('c-1');
    expect(calls[0]!.body).toEqual({
      host: 'mail.example.com',
      port: 587,
      use_tls: true,
      from: 'a@x',
      to: 'b@x',
      password: 'very secret',
    });
  });
  it('says what is wrong with a field or an endpoint', async () => {
    const { run: call } = server({});
    expect(await call(['notification', 'add', 'pigeon', 'url=x'])).toMatchObject({ exitCode: 2 });
    expect((await call(['notification', 'add', 'slack', 'url'])).stderr).toContain('NAME=VALUE');
  });
  it('lists, selects, tests, switches and deletes', async () => {
    const selector = { uuid: 's-1', scope: 'account', event: { level: 'error', resource_type: '*', type: 'user.*' } };
    const { calls, run: call } = server({
      [`GET ${base}/smtp/configurations`]: [configuration],
      [`POST ${base}/smtp/configurations/c-1/selectors`]: selector,
      [`GET ${base}/smtp/configurations/c-1/test`]: { status: '250', response: 'queued' },
      [`DELETE ${base}/smtp/configurations/c-1`]: null,
      [`PUT ${base}/slack`]: { enabled: false },
    });
    expect((await call(['notification', 'list', 'smtp'])).stdout).toContain('mail.example.com');
    const chosen = await call(['notification', 'select', 'smtp', 'c-1', '--type', 'user.*', '--level', 'error']);
    expect(chosen.stdout).toContain('s-1');
    expect(calls[1]!.body).toEqual({ scope: 'account', event: selector.event });
    expect((await call(['notification', 'test', 'smtp', 'c-1'])).stdout).toContain('queued');
    expect((await call(['notification', 'delete', 'smtp', 'c-1', '-o', 'id'])).stdout).toBe('c-1\n');
    expect((await call(['notification', 'disable', 'slack'])).stdout).toMatch(/Enabled +no/);
  });
  it('shows the delivery log and replays', async () => {
    const delivery = {
      id: 'd-1',
      endpoint: 'webhook',
      state: 'dead',
      attempts: 3,
      error: 'gone',
      created_at: '2026-01-01',
    };
    const { run: call } = server({
      'GET /windlass/notifications/deliveries?limit=100&state=dead': { items: [delivery] },
      'POST /windlass/notifications/deliveries/d-1/replay': null,
    });
    expect((await call(['notification', 'deliveries', '--state', 'dead'])).stdout).toMatch(/d-1.*dead.*gone/);
    expect((await call(['notification', 'replay', 'd-1', '-o', 'id'])).stdout).toBe('d-1\n');
  });
});

describe('alert', () => {
  const alert = {
    uuid: 'a-1',
    state: 'open',
    violations_count: 2,
    resource: { image_tag: 'docker.io/app:1', policy_id: 'p' },
  };
  it('lists and closes', async () => {
    const { calls, run: call } = server({
      'GET /alerts/compliance-violations?state=open&page=1': [alert],
      'PATCH /alerts/compliance-violations/a-1': { ...alert, state: 'closed', closed_by: 'admin' },
    });
    expect((await call(['alert', 'list'])).stdout).toContain('docker.io/app:1');
    expect((await call(['alert', 'close', 'a-1'])).stdout).toContain('closed');
    expect(calls[1]!.body).toEqual({ state: 'closed' });
  });
});

describe('archive', () => {
  it('archives by digest, restores, and keeps rules', async () => {
    const rule = {
      rule_id: 'r-1',
      transition: 'archive',
      analysis_age_days: 90,
      tag_versions_newer: -1,
      selector: { registry: '*', repository: 'team/*', tag: '*' },
      system_global: false,
    };
    const { calls, run: call } = server({
      [`GET /images/${digest.replace(':', '%3A')}`]: { image_digest: digest },
      'POST /archives/images': [{ digest, status: 'archived', detail: 'completed' }],
      'POST /images': { image_digest: digest, analysis_status: 'not_analyzed' },
      'POST /archives/rules': rule,
      'DELETE /archives/rules/r-1': null,
    });
    expect((await call(['archive', 'add', digest])).stdout).toContain('archived');
    expect((await call(['archive', 'restore', digest])).stdout).toContain('not_analyzed');
    expect((await call(['archive', 'add-rule', '--days', '90', '--repository', 'team/*'])).stdout).toContain('team/*');
    expect(calls.at(-1)!.body).toEqual({
      transition: 'archive',
      analysis_age_days: 90,
      selector: { repository: 'team/*' },
    });
    expect(await call(['archive', 'add-rule', '--days', 'ninety'])).toMatchObject({ exitCode: 2 });
    expect((await call(['archive', 'delete-rule', 'r-1', '-o', 'id'])).stdout).toBe('r-1\n');
  });
});

describe('audit', () => {
  it('lists entries, and fails when the chain is broken', async () => {
    const entry = {
      id: 7,
      at: '2026-01-01T00:00:00Z',
      username: 'ci',
      account_name: 'web',
      operation: 'delete_image',
      status: 200,
      params: { image_digest: digest },
      address: '10.0.0.1',
    };
    const report = { intact: true, entries: 7, unsealed: 0, last_seal: 'ab', broken_at: null };
    const answers: Record<string, unknown> = {
      'GET /windlass/audit?limit=100&username=ci': { items: [entry], next_before_id: null },
      'GET /windlass/audit/verification': report,
    };
    const { run: call } = server(answers);
    expect((await call(['audit', 'list', '--user', 'ci'])).stdout).toContain('delete_image');
    expect(await call(['audit', 'verify'])).toMatchObject({ exitCode: 0 });
    answers['GET /windlass/audit/verification'] = { ...report, intact: false, broken_at: { id: 3, reason: 'changed' } };
    const broken = await call(['audit', 'verify']);
    expect(broken.exitCode).toBe(1);
    expect(broken.stdout).toContain('entry 3: changed');
  });
});
