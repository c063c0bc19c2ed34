import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { arf, xccdf } from '../builders/compliance.ts';
import { type Run, run } from './memory-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'windlass-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const digest = `sha256:${'a'.repeat(64)}`;
const uuid = '1a2b3c4d-0000-4000-8000-000000000001';
const before = file('before.xml', xccdf({ rules: [{ id: 'rule_a', result: 'pass' }] }));
const after = file('after.xml', arf({ rules: [{ id: 'rule_a', result: 'fail', severity: 'high' }] }));

const check = {
  uuid,
  check_type: 'oscap',
  image_digest: digest,
  namespace: 'shop',
  pod: 'web-0',
  result: 'pass',
  created_at: '2026-01-01T00:00:00Z',
  image_known: true,
  state: 'parsed',
  compliance_file_ids: { result_file: 'f1' },
  files: [],
  summary: {
    format: 'arf',
    verdict: 'fail',
    mismatch: true,
    score: 66.6667,
    score_maximum: 100,
    scores: [],
    counts: { pass: 2, fail: 1 },
    benchmark: { id: 'b' },
    profile: { id: 'p', title: 'Standard' },
    problems: [],
  },
};

/** Runs the program against a server with these answers; tells what was sent. */
async function call(args: string[], answers: Record<string, unknown>): Promise<Run & { forms: FormData[] }> {
  const forms: FormData[] = [];
  const result = await run(args, {
    env: { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' },
    fetch: async (url, init) => {
      if (init.body instanceof FormData) forms.push(init.body);
      const answer = answers[`${init.method} ${decodeURIComponent(url).replace('http://server:1/v2', '')}`];
      if (answer instanceof Response) return answer;
      return answer ? Response.json(answer) : Response.json({ message: `no ${url}` }, { status: 404 });
    },
  });
  return { ...result, forms };
}

describe('compliance upload', () => {
  it('sends the files with what is known of the container, and ends with the verdict', async () => {
    const { exitCode, stdout, forms } = await call(
      ['compliance', 'upload', after, '--image', digest, '--pod', 'web-0', '--result', 'pass', '--wait'],
      { 'POST /windlass/runtime-compliance': check },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Verdict +fail/);
    expect(stdout).toMatch(/Uploader says +pass \(the rules say otherwise\)/);
    expect(stdout).toMatch(/Score +66\.67/);
    expect(Object.fromEntries([...forms[0]!].filter(([, value]) => typeof value === 'string'))).toEqual({
      check_type: 'oscap',
      image_digest: digest,
      pod: 'web-0',
      result: 'pass',
    });
    expect(await (forms[0]!.get('result_file') as File).text()).toContain('asset-report-collection');
  });

  it('says which file is missing or empty', async () => {
    const upload = (path: string) => call(['compliance', 'upload', path, '--image', digest], {});
    expect(await upload(join(folder, 'none.xml'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no file'),
    });
    expect(await upload(file('empty.xml', ''))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is empty'),
    });
  });
});

describe('compliance list and get', () => {
  const path = `/windlass/runtime-compliance/${uuid}`;
  it('are tables', async () => {
    const list = await call(['compliance', 'list', '--namespace', 'shop', '--verdict', 'fail'], {
      'GET /windlass/runtime-compliance?namespace=shop&verdict=fail&limit=100': { items: [check], total_rows: 1 },
    });
    expect(list.stdout).toMatch(/shop\/web-0 +Standard +fail +66\.67 +2 +1/);
    const rule = {
      check_uuid: uuid,
      rule: 'xccdf_org.example.content_rule_a',
      title: 'A',
      severity: 'high',
      result: 'fail',
    };
    const get = await call(['compliance', 'get', uuid], {
      [`GET ${path}`]: check,
      [`GET ${path}/rules?result=fail,error,unknown`]: { items: [rule], total_rows: 1 },
    });
    expect(get.stdout).toMatch(/fail +high +a +A/);
    expect(get.exitCode).toBe(0);
  });
});

describe('compliance compare and convert', () => {
  it('work on files without a server', async () => {
    const compared = await call(['compliance', 'compare', before, after, '--fail-on-regression', '-o', 'json'], {});
    expect(compared.exitCode).toBe(1);
    expect(JSON.parse(compared.stdout)).toMatchObject({
      counts: { regressed: 1 },
      items: [{ rule: 'rule_a', after: 'fail' }],
    });
    const converted = await call(['compliance', 'convert', after], {});
    expect(JSON.parse(converted.stdout).profiles[0].controls[0].results[0].status).toBe('failed');
    const refused = await call(['compliance', 'convert', file('page.html', '<!DOCTYPE html><html/>')], {});
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('document type') });
  });

  it('ask the server for checks', async () => {
    const converted = await call(['compliance', 'convert', uuid], {
      [`GET /windlass/runtime-compliance/${uuid}/hdf`]: new Response('{"profiles":[]}'),
    });
    expect(converted.stdout).toBe('{"profiles":[]}');
  });
});

describe('image stig', () => {
  const path = `/images/${digest}/stig`;
  const evaluation = { evaluation_uuid: uuid, stig_profile: 'ubuntu', evaluation_format: 'hdfjson' };
  const image = { [`GET /images/${digest}`]: { image_digest: digest } };

  it('lists, uploads, downloads and deletes', async () => {
    const list = await call(['image', 'stig', 'list', digest, '-o', 'id'], {
      ...image,
      [`GET ${path}`]: { items: [evaluation] },
    });
    expect(list.stdout).toBe(`${uuid}\n`);
    const hdf = file('hdf.json', '{}');
    const upload = await call(['image', 'stig', 'upload', digest, hdf, '--profile', 'ubuntu'], {
      ...image,
      [`POST ${path}`]: evaluation,
    });
    expect(upload.stdout).toContain('hdfjson');
    expect(upload.forms[0]!.get('stig_profile')).toBe('ubuntu');
    expect((upload.forms[0]!.get('file') as File).type).toBe('application/json');
    const download = await call(['image', 'stig', 'download', digest, uuid], {
      ...image,
      [`GET ${path}/${uuid}/file`]: new Response('{"a":1}'),
    });
    expect(download.stdout).toBe('{"a":1}');
    const removed = await call(['image', 'stig', 'delete', digest, uuid], {
      ...image,
      [`DELETE ${path}/${uuid}`]: new Response(null, { status: 204 }),
    });
    expect(removed.exitCode).toBe(0);
  });
});
