import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { hasProgram, type Started, temporaryFolder } from './processes.ts';
import { clientOf, launch, startWindlass, type Windlass } from './windlass.ts';

const folder = temporaryFolder('start');
const running: Started[] = [];
const data = (name: string): { WINDLASS_DATA_DIR: string } => ({ WINDLASS_DATA_DIR: `${folder.path}/${name}` });
const remember = <T extends Started>(started: T): T => {
  running.push(started);
  return started;
};

afterEach(async () => {
  for (const started of running.splice(0)) await started.kill('SIGKILL');
});
afterAll(() => folder.remove());

describe('the first start', () => {
  it('prints a random password once, which signs in', async () => {
    const first = remember(await startWindlass({ ...data('first'), WINDLASS_ADMIN_PASSWORD: '' }));
    const [, password] = await first.waitFor(/Password: (\S+)/);
    expect(password!.length).toBeGreaterThanOrEqual(12);
    expect((await clientOf(first.url, password).call('GET', '/v2/account')).status).toBe(200);
    expect((await clientOf(first.url, 'wrong').call('GET', '/v2/account')).status).toBe(401);
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
    expect((await fetch(`${first.url}/version`)).status).toBe(200);
    expect(await first.kill('SIGTERM')).toBe(0);
    const second = remember(
      await startWindlass({ ...data('first'), WINDLASS_ADMIN_PASSWORD: '' }, { password: password! }),
    );
    expect(second.output()).not.toMatch(/[Pp]assword: /);
    expect((await second.call('GET', '/v2/account')).status).toBe(200);
  });
});

describe('a data folder in use', () => {
  it('refuses a second process, naming the first, which goes on', async () => {
    const first = remember(await startWindlass(data('shared')));
    const second = remember(launch(data('shared')));
    expect(await second.ended).not.toBe(0);
    expect(second.output()).toMatch(new RegExp(`in use by process ${first.pid} `));
    expect(second.output()).toContain('WINDLASS_DATA_DIR');
    expect(second.output()).not.toMatch(/\n\s+at /);
    expect((await first.call('GET', '/v2/account')).status).toBe(200);
  });

  it('is free again after a kill', async () => {
    const first = remember(await startWindlass(data('killed')));
    const added = await first.call('POST', '/v2/accounts', { json: { name: 'kept', email: 'kept@example.org' } });
    expect(added.status).toBe(200);
    await first.kill('SIGKILL');
    const second = remember(await startWindlass(data('killed')));
    expect((await second.call('GET', '/v2/accounts/kept')).status).toBe(200);
  });
});

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s stops cleanly, with requests open', async (signal) => {
    const server: Windlass = remember(await startWindlass(data('ended')));
    const requests = Array.from({ length: 10 }, () => server.call('GET', '/v2/images').catch(() => undefined));
    const from = performance.now();
    expect(await server.kill(signal)).toBe(0);
    expect(performance.now() - from).toBeLessThan(10_000);
    await Promise.all(requests);
    expect(server.output()).toContain('stopped');
  });
});

describe('a stop in the middle of the start', () => {
  it('right after the address is open ends without an error', async () => {
    const server = remember(launch(data('early')));
    await server.waitFor(/"msg":"ready"/, 60);
    expect([await server.kill('SIGTERM'), server.output()]).toEqual([0, expect.stringContaining('stopped')]);
  });
});

describe('wrong settings', () => {
  const cases: [string, Record<string, string>, string[], RegExp][] = [
    [
      'no such database server',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', WINDLASS_DATABASE_CONNECT_TIMEOUT_SECONDS: '1' },
      [],
      /127\.0\.0\.1:1|ECONNREFUSED/,
    ],
    [
      'no such host',
      { DATABASE_URL: 'postgres://nobody@no-such-host.invalid/none', WINDLASS_DATABASE_CONNECT_TIMEOUT_SECONDS: '1' },
      [],
      /no-such-host\.invalid/,
    ],
    ['not a database address', { DATABASE_URL: 'mysql://db/none' }, [], /postgres:\/\//],
    ['an unknown variable', { WINDLASS_NO_SUCH_SETTING: '1' }, [], /WINDLASS_NO_SUCH_SETTING/],
    ['an unknown option', {}, ['--no-such-setting=1'], /no-such-setting|no_such_setting/],
    ['a port out of range', { WINDLASS_PORT: '70000' }, [], /WINDLASS_PORT/],
    [
      'no such analyzer configuration',
      { WINDLASS_ANALYZER_CONFIG_FILE: '/no/such.yaml' },
      [],
      /\/no\/such\.yaml.*ENOENT/,
    ],
    ['an unknown role', { WINDLASS_ROLES: 'api,cook' }, [], /WINDLASS_ROLES/],
  ];
  it.each(cases)('%s: says what is wrong and ends with an error', async (_name, env, args, text) => {
    const started = remember(launch({ ...data('wrong'), ...env }, args));
    expect(await started.ended).toBeGreaterThan(0);
    expect(started.output()).toMatch(text);
    expect(started.output()).not.toMatch(/\n\s+at /);
  });

  it('keeps the password of the database to itself', async () => {
    const started = remember(
      launch({
        ...data('wrong'),
        DATABASE_URL: 'postgres://u:sesame@127.0.0.1:1/none',
        WINDLASS_DATABASE_CONNECT_TIMEOUT_SECONDS: '1',
      }),
    );
    expect(await started.ended).toBeGreaterThan(0);
    expect(started.output()).not.toContain('sesame');
  });

  it('a port in use: says so', async () => {
    const first = remember(await startWindlass(data('port')));
    const port = new URL(first.url).port;
    const second = remember(launch({ ...data('port-2'), WINDLASS_PORT: port }));
    expect(await second.ended).toBeGreaterThan(0);
    expect(second.output()).toMatch(new RegExp(`${port}`));
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  it.skipIf(process.getuid?.() === 0 || !hasProgram('true'))('a data folder that cannot be written', async () => {
    const started = remember(launch({ WINDLASS_DATA_DIR: '/proc/windlass' }));
    expect(await started.ended).toBeGreaterThan(0);
  });
});
