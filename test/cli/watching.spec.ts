import { describe, expect, it } from 'vitest';
import { run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };

/** Runs a command against a server that answers by method and path. */
async function call(args: string[], answers: Record<string, unknown>) {
  const calls: { key: string; body: unknown }[] = [];
  const result = await run(args, {
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

const subscription = {
  subscription_id: 'x',
  subscription_type: 'tag_update',
  subscription_key: 'docker.io/debian:12',
  active: true,
};
const listing = 'GET /subscriptions?subscription_type=tag_update';

describe('subscription', () => {
  it('add makes one, or makes the one there is active', async () => {
    const made = await call(['subscription', 'add', 'tag_update', 'docker.io/debian:12'], {
      [listing]: [],
      'POST /subscriptions': [subscription],
    });
    expect(made.exitCode).toBe(0);
    expect(made.calls.at(-1)).toEqual({
      key: 'POST /subscriptions',
      body: { subscription_type: 'tag_update', subscription_key: 'docker.io/debian:12', active: true },
    });
    const known = await call(['subscription', 'add', 'tag_update', 'docker.io/debian:12'], {
      [listing]: [{ ...subscription, active: false }],
      'PUT /subscriptions/x': [subscription],
    });
    expect(known.calls.at(-1)).toEqual({ key: 'PUT /subscriptions/x', body: { active: true } });
  });

  it('delete takes a short name', async () => {
    const answers = { [listing]: [subscription], 'DELETE /subscriptions/x': null };
    const { stdout, exitCode } = await call(['subscription', 'delete', 'tag_update', 'debian:12'], answers);
    expect([exitCode, stdout]).toEqual([0, 'Deleted  tag_update of docker.io/debian:12\n']);
    expect((await call(['subscription', 'delete', 'tag_update', 'other:1'], answers)).exitCode).toBe(3);
  });

  it('watches shows what fails, and why; check looks at once', async () => {
    const watch = {
      ...subscription,
      state: 'failing',
      known: true,
      seen_digest: null,
      checked_at: '2026-01-01T00:00:00Z',
      changed_at: null,
      next_check_at: '2026-01-01T01:00:00Z',
      failures: 2,
      error: 'docker.io does not have docker.io/debian:12',
    };
    const answers = {
      'GET /windlass/watches?state=failing': { items: [watch] },
      [listing]: [subscription],
      'POST /windlass/watches/x/check': null,
    };
    const { stdout, exitCode } = await call(['subscription', 'watches', '--state', 'failing'], answers);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/debian:12 +failing .* 2 +docker\.io does not have/)]);
    const check = await call(['subscription', 'check', 'tag_update', 'debian:12'], answers);
    expect([check.exitCode, check.calls.at(-1)!.key]).toEqual([0, 'POST /windlass/watches/x/check']);
  });
});

describe('registry-hook', () => {
  const hook = {
    hook_id: '11111111-1111-4111-8111-111111111111',
    name: 'harbor',
    registry: null,
    active: true,
    created_by: 'ci',
    created_at: '2026-01-01T00:00:00Z',
    last_updated: '2026-01-01T00:00:00Z',
    last_used_at: null,
    received: 0,
    refused: 1,
    last_refusal: 'the body is not JSON',
  };

  it('create shows the address', async () => {
    const made = { ...hook, token: 'wlh_x', events_path: '/v2/windlass/registry-hooks/wlh_x/events' };
    const { stdout, calls } = await call(['registry-hook', 'create', 'harbor', '--registry', 'h.example.com'], {
      'POST /windlass/registry-hooks': made,
    });
    expect(calls[0]!.body).toEqual({ name: 'harbor', registry: 'h.example.com' });
    expect(stdout).toContain('/v2/windlass/registry-hooks/wlh_x/events');
  });

  it('list, show, update and delete', async () => {
    const path = `/windlass/registry-hooks/${hook.hook_id}`;
    const answers = {
      'GET /windlass/registry-hooks': { items: [hook] },
      [`GET ${path}`]: hook,
      [`PATCH ${path}`]: { ...hook, active: false },
      [`DELETE ${path}`]: null,
    };
    expect((await call(['registry-hook', 'list'], answers)).stdout).toMatch(/harbor +as the event says/);
    expect((await call(['registry-hook', 'show', hook.hook_id], answers)).stdout).toContain('the body is not JSON');
    const update = await call(['registry-hook', 'update', hook.hook_id, '--deactivate', '--registry', ''], answers);
    expect(update.calls[0]!.body).toEqual({ active: false, registry: null });
    expect((await call(['registry-hook', 'delete', hook.hook_id], answers)).exitCode).toBe(0);
    expect((await call(['registry-hook', 'create', '--help'], {})).stdout).toContain('windlass registry-hook create');
  });
});
