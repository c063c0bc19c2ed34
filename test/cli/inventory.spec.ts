import { describe, expect, it } from 'vitest';
import { run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };
const digest = `sha256:${'a'.repeat(64)}`;

/** Runs a command against a server that answers by method and path. */
async function call(args: string[], answers: Record<string, unknown>) {
  const calls: { key: string; body: unknown }[] = [];
  const result = await run(['inventory', ...args], {
    env,
    async fetch(url, init) {
      const key = `${init.method} ${url.replace('http://server:1/v2', '')}`;
      calls.push({ key, body: init.body ? JSON.parse(init.body as string) : undefined });
      if (!(key in answers)) return Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 });
      return answers[key] === null ? new Response(null, { status: 204 }) : Response.json(answers[key]);
    },
  });
  return { ...result, calls };
}

describe('inventory', () => {
  const item = {
    inventory_type: 'kubernetes',
    context: 'c1/prod',
    image_tag: 'nginx:1',
    image_digest: digest,
    last_seen: '2026-01-01T00:00:00Z',
  };
  it('list shows what runs', async () => {
    const answers = { 'GET /inventories?inventory_type=kubernetes&context=c1%2Fprod': { items: [item] } };
    const { stdout, exitCode } = await call(['list', '--type', 'kubernetes', '--context', 'c1/prod'], answers);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/nginx:1 +sha256:aaaaaaaaaaaa +c1\/prod/)]);
    const json = await call(['list', '-o', 'json'], { 'GET /inventories': { items: [item] } });
    expect(JSON.parse(json.stdout)).toEqual({ items: [item] });
  });
  it('delete names the type and the context', async () => {
    const answers = { 'DELETE /inventories?inventory_type=kubernetes&context=c1%2Fprod': null };
    expect(await call(['delete', 'c1/prod'], answers)).toMatchObject({ exitCode: 0, stdout: 'Removed: c1/prod\n' });
    expect((await call(['delete', 'c1/other'], answers)).exitCode).toBe(3);
  });
  it.each([
    [
      'a new key',
      [],
      [],
      'POST /subscriptions',
      { subscription_type: 'runtime_inventory', subscription_key: 'c1', active: true },
    ],
    ['a known key', [{ subscription_id: 'x' }], [], 'PUT /subscriptions/x', { active: true }],
    ['no longer', [{ subscription_id: 'x' }], ['--stop'], 'PUT /subscriptions/x', { active: false }],
  ])('watch: %s', async (_, known, options, key, body) => {
    const { calls, exitCode } = await call(['watch', 'c1', ...options], {
      'GET /subscriptions?subscription_key=c1&subscription_type=runtime_inventory': known,
      'GET /subscriptions?subscription_type=runtime_inventory&subscription_key=c1': known,
      [key]: [{ subscription_id: 'x', subscription_type: 'runtime_inventory', subscription_key: 'c1', active: true }],
    });
    expect([exitCode, calls.at(-1)]).toEqual([0, { key, body }]);
  });
  it('coverage tells how much is analysed', async () => {
    const running = {
      inventory_type: 'kubernetes',
      image_tag: 'nginx:1',
      image_digest: '',
      state: 'not_in_catalog',
      contexts: ['c1/prod'],
      containers: 2,
      first_seen: '2026-01-01T00:00:00Z',
      last_seen: '2026-01-01T00:00:00Z',
    };
    const { stdout } = await call(['coverage'], {
      'GET /windlass/inventory/coverage?limit=1000': {
        images: 3,
        states: { analyzed: 2, not_in_catalog: 1 },
        items: [running],
        total_rows: 1,
      },
    });
    expect(stdout).toMatch(/nginx:1 .*not in catalog +2 +c1\/prod\n2 of 3 running images are analysed\.\n$/s);
  });
});
