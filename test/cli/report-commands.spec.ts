import { describe, expect, it } from 'vitest';
import { PREPARED_REPORTS } from '#contract/prepared-reports.ts';
import { type RunOptions, run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };

/** A server that gives answers in order and keeps what it was sent. */
function server(...answers: unknown[]) {
  const calls: { key: string; body: unknown }[] = [];
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    calls.push({ key: `${init.method} ${url.replace('http://server:1/v2', '')}`, body });
    const answer = answers[calls.length - 1];
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return { calls, run: (...args: string[]) => run(['report', ...args], { env, fetch }) };
}

const page = (rows: unknown[], nextToken: string | null) => ({
  data: { metricData: { pageInfo: { count: rows.length, nextToken }, results: rows } },
});
const row = (metricId: string) => ({ metricId, value: '1' });

describe('report run', () => {
  it('draws a table of a prepared query', async () => {
    const { calls, run: call } = server(page([row('a'), row('b')], null));
    const { stdout, exitCode } = await call('run', 'metrics', '--var', 'last=7', '--var', 'metric=a*');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^METRICID {2}VALUE\na {9}1\nb {9}1\n$/);
    expect(calls).toEqual([
      {
        key: 'POST /reports/graphql',
        body: { query: expect.stringContaining('metricData'), variables: { last: 7, metric: 'a*' } },
      },
    ]);
  });

  it('writes all pages as CSV, and cells that look like formulas as text', async () => {
    const { calls, run: call } = server(page([row('a')], 't1'), page([row('=b')], null));
    const { stdout } = await call('run', 'metrics', '--all', '-o', 'csv', '--global');
    expect(stdout).toBe("metricId,value\r\na,1\r\n'=b,1\r\n");
    expect(calls.map(({ key }) => key)).toEqual(['POST /reports/global/graphql', 'POST /reports/global/graphql']);
    expect(calls[1]?.body).toMatchObject({ variables: { nextToken: 't1' } });
  });

  it('gives the answer as it is, or all pages as one, as JSON', async () => {
    const answer = page([row('a')], 't1');
    expect(JSON.parse((await server(answer).run('run', 'metrics', '-o', 'json')).stdout)).toEqual(answer.data);
    const { run: call } = server(answer, page([row('b')], null));
    const { stdout } = await call('run', 'metrics', '-o', 'json', '--all');
    expect(JSON.parse(stdout).metricData).toEqual({
      pageInfo: { count: 2, nextToken: null },
      results: [row('a'), row('b')],
    });
  });

  it.each([
    [['run', 'nothing'], 2, 'neither a prepared query nor a file'],
    [['run', 'metrics', '--var', 'nothing=1'], 2, 'has no variable "nothing"'],
    [['run', 'metrics', '--var', 'last=many'], 2, 'no value of the variable "last"'],
    [['run', 'metrics', '--var', 'last'], 2, 'is no variable'],
    [['run', '{ metrics { results { id } } }', '--all'], 2, '$nextToken'],
  ])('%j is refused', async (args, exitCode, message) => {
    const result = await server({ data: {} }).run(...args);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
  });

  it('says what is wrong with a query, and where', async () => {
    const errors = [{ message: 'Cannot query field "x"', locations: [{ line: 1, column: 3 }] }];
    for (const answer of [{ data: null, errors }, Response.json({ errors }, { status: 400 })]) {
      const { stderr, exitCode } = await server(answer).run('run', '{ x { results } }');
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('Cannot query field "x" (line 1, column 3 of the query)');
    }
  });

  it('knows prepared queries by name', async () => {
    const { stdout } = await server().run('queries');
    for (const { name } of PREPARED_REPORTS) expect(stdout).toContain(name);
  });
});

const schedule = {
  uuid: 'a'.repeat(32),
  scope: 'account',
  name: 'nightly',
  cron_schedule: '0 2 * * *',
  time_zone: 'UTC',
  query: '{ x }',
  enabled: true,
  delta: false,
};
const result = { uuid: 'b'.repeat(32), schedule_uuid: schedule.uuid, status: 'complete', row_count: 3, manifest: null };

describe('report schedule and report results', () => {
  it('stores a query with its variables', async () => {
    const { calls, run: call } = server(schedule);
    const { stdout, exitCode } = await call(
      'schedule',
      'add',
      'nightly',
      '--query',
      'metrics',
      '--cron',
      '0 2 * * *',
      '--var',
      'last=1',
      '--delta',
      '--keep-count',
      '5',
    );
    expect([exitCode, calls[0]?.key]).toEqual([0, 'POST /windlass/report-schedules']);
    expect(calls[0]?.body).toMatchObject({
      name: 'nightly',
      variables: { last: 1 },
      delta: true,
      keep_count: 5,
      enabled: true,
    });
    expect(stdout).toContain('0 2 * * * (UTC)');
  });

  it('runs one and waits for the result', async () => {
    const { calls, run: call } = server({ ...result, status: 'queued' }, result);
    const { stdout } = await call('schedule', 'run', schedule.uuid, '--wait');
    expect(stdout).toMatch(/Status +complete/);
    expect(calls.map(({ key }) => key)).toEqual([
      `POST /windlass/report-schedules/${schedule.uuid}/runs`,
      `GET /windlass/report-results/${result.uuid}`,
    ]);
    const failed = await server(result, { ...result, status: 'failed', error_message: 'too large' }).run(
      'schedule',
      'run',
      schedule.uuid,
      '--wait',
    );
    expect(failed.exitCode).not.toBe(0);
    expect(failed.stderr).toContain('is failed: too large');
  });

  it.each([
    [['schedule', 'list'], { items: [schedule] }, 'nightly'],
    [['schedule', 'get', 'x'], schedule, 'nightly'],
    [['schedule', 'enable', 'x'], schedule, 'nightly'],
    [['results', 'list'], { items: [result], next_token: null }, 'complete'],
    [['results', 'get', 'x'], result, 'complete'],
    [['results', 'cancel', 'x'], result, 'complete'],
    [['results', 'download', 'x', '--format', 'csv'], new Response('a,b\r\n'), 'a,b\r\n'],
  ])('%j', async (args, answer, expected) => {
    const { stdout, exitCode } = await server(answer).run(...args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(expected);
  });
});
