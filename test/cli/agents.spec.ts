import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createAuthority } from '../builders/certificates.ts';
import { type RunOptions, run } from './memory-context.ts';

const directory = mkdtempSync(join(tmpdir(), 'windlass-cli-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const authority = createAuthority();
const client = authority.issue(['client']);
const base64 = (text: string) => Buffer.from(text).toString('base64');
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
const ca = file('ca.pem', authority.cert);

function kubeconfig(user: object): string {
  return file(
    'kubeconfig',
    stringify({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'b', user: 'c' } }],
      clusters: [{ name: 'b', cluster: { server: 'https://k8s.example', 'certificate-authority': 'ca.pem' } }],
      users: [{ name: 'c', user }],
    }),
  );
}

/** Runs a command against a server that keeps what was sent. */
async function sent(args: string[], options: RunOptions = {}) {
  const bodies: { cluster_config: Record<string, unknown> }[] = [];
  const fetch: NonNullable<RunOptions['fetch']> = async (_url, init) => {
    bodies.push(JSON.parse(String(init.body)));
    return Response.json({
      ...bodies[0],
      cluster_config: { ...bodies[0]?.cluster_config, credential: '******' },
      created_at: '2026-01-01T00:00:00Z',
      last_updated: '2026-01-01T00:00:00Z',
      status: 'pending',
    });
  };
  const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'x' };
  const result = await run(['inventory', 'clusters', 'add', 'prod', ...args], { env, fetch, ...options });
  return { ...result, config: bodies[0]?.cluster_config };
}

describe('inventory clusters add', () => {
  const common = { cluster_server: 'https://k8s.example', cluster_certificate: base64(authority.cert) };
  it('takes a token from standard input and shows none', async () => {
    const args = [
      '--server',
      'https://k8s.example',
      '--ca',
      ca,
      '--token',
      '-',
      '--namespace',
      'a',
      '--namespace',
      'b',
    ];
    const { config, stdout } = await sent(args, { stdin: 'secret-token\n' });
    expect(config).toEqual({ ...common, credential_type: 'token', credential: 'secret-token', namespaces: ['a', 'b'] });
    expect(stdout).toMatch(/Cluster +prod\n/);
    expect(stdout).not.toContain('secret-token');
  });
  it('takes key and certificate from files', async () => {
    const pair = ['--client-certificate', file('c.pem', client.cert), '--client-key', file('k.pem', client.key)];
    const { config } = await sent(['--server', 'https://k8s.example', '--ca', ca, ...pair]);
    expect(config).toEqual({
      ...common,
      credential_type: 'private_key',
      credential: base64(client.key),
      client_certificate: base64(client.cert),
      namespaces: [],
    });
  });
  it('takes lasting credentials of a kubeconfig, and no others', async () => {
    expect((await sent(['--kubeconfig', kubeconfig({ token: 't' })])).config).toMatchObject({
      ...common,
      credential: 't',
    });
    const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
    expect((await sent(['--kubeconfig', kubeconfig(user)])).config).toMatchObject({ credential_type: 'private_key' });
    const program = await sent(['--kubeconfig', kubeconfig({ exec: { command: 'login' } })]);
    expect([program.exitCode, program.config]).toEqual([2, undefined]);
    expect(program.stderr).toContain('windlass agent kubernetes');
  });
  it.each([[[]], [['--server', 'https://k8s.example']], [['--server', 'https://k8s.example', '--ca', ca]]])(
    'says what is missing: %j',
    async (args) => expect(await sent(args)).toMatchObject({ exitCode: 2, config: undefined }),
  );
});

describe('agent', () => {
  it.each(['kubernetes', 'ecs'])('%s says which setting is missing', async (kind) => {
    const { exitCode, stderr } = await run(['agent', kind, '--once']);
    expect([exitCode, stderr.includes('server.username: is needed')]).toEqual([2, true]);
  });
  it('kubernetes refuses settings that it does not know', async () => {
    const config = file('agent.yaml', 'server: { username: a }\nnamespace: x\n');
    const { exitCode, stderr } = await run(['agent', 'kubernetes', '--config', config]);
    expect([exitCode, stderr.includes('namespace')]).toEqual([2, true]);
  });
});
