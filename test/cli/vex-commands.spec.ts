import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunOptions, run } from './memory-context.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };
const uuid = '11111111-1111-4111-8111-111111111111';

/** Answers by method and path, and keeps JSON bodies. */
function server(answers: Record<string, unknown>) {
  const bodies: Record<string, unknown> = {};
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const key = `${init.method} ${decodeURIComponent(url.replace('http://server:1/v2', ''))}`;
    if (typeof init.body === 'string') bodies[key] = JSON.parse(init.body);
    const answer = answers[key];
    if (answer === null) return new Response(null, { status: 204 });
    if (typeof answer === 'string') return new Response(answer);
    return answer === undefined
      ? Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 })
      : Response.json(answer);
  };
  return { bodies, run: (...args: string[]) => run(args, { env, fetch }) };
}

const image = { [`GET /images/${digest}`]: { image_digest: digest, image_detail: [] } };
const annotations = `/images/${digest}/vuln-annotations`;
const said = {
  annotation: { uuid, vulnerability_id: 'CVE-1', status: 'not_affected', author: 'ci', version: 1 },
  package_identifier: { name: 'openssl', version: '3', type: 'dpkg' },
};

describe('annotation', () => {
  it('adds what was said of a package', async () => {
    const { run: call, bodies } = server({ ...image, [`POST ${annotations}`]: said });
    const options = ['--status', 'not_affected', '--justification', 'component_not_present'];
    const pkg = ['--package', 'openssl', '--package-version', '3', '--package-type', 'dpkg'];
    const { stdout, exitCode } = await call('annotation', 'add', digest, 'CVE-1', ...options, ...pkg);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('openssl 3 (dpkg)')]);
    expect(bodies[`POST ${annotations}`]).toMatchObject({
      annotation: { vulnerability_id: 'CVE-1', status: 'not_affected', justification: 'component_not_present' },
      package_identifier: said.package_identifier,
    });
  });
  it.each([
    [['add', digest, 'CVE-1']],
    [['add', digest, 'CVE-1', '--status', 'maybe']],
    [['add', digest, 'CVE-1', '--status', 'fixed', '--package', 'openssl']],
  ])('refuses %j', async (args) => expect((await server(image).run('annotation', ...args)).exitCode).toBe(2));
  it('lists and deletes', async () => {
    const answers = { ...image, [`GET ${annotations}`]: { items: [said] }, [`DELETE ${annotations}/${uuid}`]: null };
    expect((await server(answers).run('annotation', 'list', digest, '-o', 'id')).stdout).toBe(`${uuid}\n`);
    expect((await server(answers).run('annotation', 'delete', digest, uuid)).exitCode).toBe(0);
  });
});

describe('vex', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'windlass-vex-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const record = {
    uuid,
    format: 'openvex',
    document_id: 'https://vendor.example/1',
    digest,
    statements: 3,
    problems: [],
    created_at: '2026-01-01T00:00:00Z',
  };

  it('imports files by their names', async () => {
    writeFileSync(join(folder, 'a.json'), '{}');
    const { run: call } = server({ 'POST /windlass/vex-documents?name=a.json': record });
    const { stdout, exitCode } = await call('vex', 'import', join(folder, 'a.json'), '-o', 'json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, record]);
    expect((await call('vex', 'import', join(folder, 'none.json'))).exitCode).toBe(2);
  });
  it('lists, deletes and exports', async () => {
    const answers = {
      ...image,
      'GET /windlass/vex-documents': { items: [record] },
      [`DELETE /windlass/vex-documents/${uuid}`]: null,
      [`GET /images/${digest}/vex/openvex`]: '{"statements":[]}',
    };
    expect((await server(answers).run('vex', 'list')).stdout).toContain('https://vendor.example/1');
    expect((await server(answers).run('vex', 'delete', uuid)).exitCode).toBe(0);
    expect((await server(answers).run('vex', 'export', digest)).stdout).toBe('{"statements":[]}\n');
  });
});

describe('correction', () => {
  const correction = {
    uuid,
    type: 'package',
    match: { type: 'java', field_matches: [{ field_name: 'package', field_value: 'a=b' }] },
    replace: [{ field_name: 'version', field_value: '2' }],
  };
  it('is added from options', async () => {
    const { run: call, bodies } = server({ 'POST /corrections': correction });
    const { stdout } = await call(
      'correction',
      'add',
      '--type',
      'java',
      '--match',
      'package=a=b',
      '--replace',
      'version=2',
    );
    expect(stdout).toContain('package=a=b');
    const { uuid: _, ...body } = correction;
    expect(bodies['POST /corrections']).toEqual(body);
  });
  it.each([[['add']], [['add', '--type', 'java', '--replace', 'version']], [['add', '--type', 'java']]])(
    'refuses %j',
    async (args) => expect((await server({}).run('correction', ...args)).exitCode).toBe(2),
  );
  it('is listed', async () => {
    const { stdout } = await server({ 'GET /corrections': [correction] }).run('correction', 'list', '-o', 'id');
    expect(stdout).toBe(`${uuid}\n`);
  });
});
