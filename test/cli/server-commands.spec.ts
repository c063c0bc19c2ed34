import { describe, expect, it } from 'vitest';
import { type RunOptions, run } from './memory-context.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const env = {
  WINDLASS_URL: 'http://server:1',
  WINDLASS_USERNAME: 'ci',
  WINDLASS_PASSWORD: 'secret',
  WINDLASS_ACCOUNT: 'web',
};

/** A server that answers by method and path; functions are asked each time. */
function server(answers: Record<string, unknown>) {
  const calls: { key: string; headers: Record<string, string>; body: unknown }[] = [];
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const key = `${init.method} ${url.replace('http://server:1/v2', '')}`;
    calls.push({ key, headers: init.headers as Record<string, string>, body: init.body });
    const answer = answers[key];
    const value = typeof answer === 'function' ? answer() : answer;
    if (value instanceof Response) return value;
    return value === undefined
      ? Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 })
      : Response.json(value);
  };
  return { calls, run: (args: string[], options: RunOptions = {}) => run(args, { env, fetch, ...options }) };
}

const overview = {
  image_digest: digest,
  full_tags: ['docker.io/app:1'],
  analysis_status: 'analyzed',
  image_status: 'active',
  created_at: '2025-01-01T00:00:00Z',
  verdict: 'fail',
  packages: 12,
  vulnerabilities: {
    critical: 1,
    high: 2,
    medium: 0,
    low: 0,
    negligible: 0,
    unknown: 0,
    fixable: 3,
    known_exploited: 0,
  },
};
const listing = 'GET /windlass/images?page=1&limit=500';

describe('image list', () => {
  const images = () => server({ [listing]: { items: [overview], total_rows: 1 } });
  it('is a table', async () => {
    const { stdout, exitCode } = await images().run(['image', 'list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^TAG {2,}DIGEST {2,}STATUS {2,}VERDICT/);
    expect(stdout).toMatch(/docker\.io\/app:1 {2}sha256:aaaaaaaaaaaa {2}analyzed {2}fail {2,}1 {2,}2/);
  });
  it.each([
    ['id', `${digest}\n`],
    ['csv', /^tag,digest,status,.*\ndocker\.io\/app:1,sha256:aaaaaaaaaaaa,analyzed,fail,1,2,0,12,,\n$/],
  ])('is %s', async (format, expected) =>
    expect((await images().run(['image', 'list', '-o', format])).stdout).toEqual(
      expected instanceof RegExp ? expect.stringMatching(expected) : expected,
    ),
  );
  it('sends credentials and account, and gives the answer as JSON', async () => {
    const { calls, run: call } = images();
    const { stdout } = await call(['image', 'list', '-o', 'json']);
    expect(JSON.parse(stdout)).toEqual({ items: [overview] });
    expect(calls[0]!.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('ci:secret').toString('base64')}`,
      'x-anchore-account': 'web',
    });
  });
  it('prefers options to the environment', async () => {
    const { calls, run: call } = images();
    await call(['image', 'list', '--username', '_api_key', '--password', 'k', '--account', 'other']);
    expect(calls[0]!.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('_api_key:k').toString('base64')}`,
      'x-anchore-account': 'other',
    });
  });
});

describe('image add --wait', () => {
  const image = {
    image_digest: digest,
    analysis_status: 'not_analyzed',
    image_detail: [{ full_tag: 'docker.io/app:1' }],
  };
  const progress = `GET /windlass/images/${digest.replace(':', '%3A')}/progress`;
  const get = `GET /images/${digest.replace(':', '%3A')}`;
  it('ends with the final status', async () => {
    const phases = ['waiting', 'analyzing', 'done'];
    const { run: call, calls } = server({
      'POST /images?force=true': image,
      [progress]: () => ({ image_digest: digest, phase: phases.shift() ?? 'done', layers_total: 2, layers_done: 1 }),
      [get]: { ...image, analysis_status: 'analyzed' },
    });
    const { exitCode, stdout, stderr } = await call(['image', 'add', 'app:1', '--force', '--wait'], { terminal: 200 });
    expect(JSON.parse(calls[0]!.body as string)).toEqual({ source: { tag: { pull_string: 'app:1' } } });
    expect(stdout).toContain('analyzed');
    expect(stderr).toContain('waiting');
    expect(exitCode).toBe(0);
  });
  it('exits with 4 when the analysis failed', async () => {
    const { run: call } = server({
      'POST /images': image,
      [progress]: { image_digest: digest, phase: 'failed', error: 'a layer is broken' },
      [get]: { ...image, analysis_status: 'analysis_failed' },
    });
    const { exitCode, stderr } = await call(['image', 'add', 'app:1', '--wait']);
    expect(stderr).toContain('a layer is broken');
    expect(exitCode).toBe(4);
  });
  it('exits with 5 when time runs out', async () => {
    const { run: call } = server({ 'POST /images': image, [progress]: { image_digest: digest, phase: 'waiting' } });
    const { exitCode, stderr } = await call(['image', 'add', 'app:1', '--wait', '--timeout', '0']);
    expect(stderr).toContain('still not analysed: waiting');
    expect(exitCode).toBe(5);
  });
});

describe('image check', () => {
  const evaluation = (status: string) => ({
    policy_id: 'p',
    image_digest: digest,
    evaluated_tag: 'docker.io/app:1',
    evaluations: [
      {
        status,
        final_action: status === 'pass' ? 'go' : 'stop',
        details: {
          findings: [{ action: 'stop', gate: 'g', trigger: 't', message: 'bad', allowlisted: false, trigger_id: 'x' }],
        },
      },
    ],
  });
  it.each([
    ['pass', 0],
    ['fail', 1],
  ])('%s exits with %d', async (status, expected) => {
    const { run: call } = server({
      'GET /images?full_tag=app%3A1': {
        items: [{ image_digest: digest, image_detail: [{ full_tag: 'docker.io/app:1' }] }],
      },
      [`GET /images/${digest.replace(':', '%3A')}/check?tag=docker.io%2Fapp%3A1`]: evaluation(status),
    });
    const { exitCode, stdout } = await call(['image', 'check', 'app:1']);
    expect(stdout).toContain('g/t');
    expect(exitCode).toBe(expected);
  });
  it('says when there is no such image', async () => {
    const { exitCode, stderr } = await server({}).run(['image', 'check', 'app:1']);
    expect(stderr).toContain('the server has no image app:1');
    expect(exitCode).toBe(3);
  });
});

describe('errors of the server', () => {
  it('are one line and a hint', async () => {
    const refused = () => new Response('Unauthorized', { status: 401 });
    const { exitCode, stderr } = await server({ [listing]: refused }).run(['image', 'list']);
    expect(stderr).toBe(
      'error: Unauthorized (HTTP 401)\n  Set WINDLASS_USERNAME and WINDLASS_PASSWORD (or --username, --password); an API key has the user name _api_key.\n',
    );
    expect(exitCode).toBe(3);
  });
});
