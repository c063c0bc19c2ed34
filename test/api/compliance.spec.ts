import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arf, xccdf } from '../builders/compliance.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type Application, startApplication } from './application.ts';
import { authorization, type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { type FormPart, multipart } from './multipart.ts';
import { addTenant } from './two-tenants.ts';

const TAG = 'registry.example.org/team/web:1';
const image = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' })]);
const UNKNOWN = `sha256:${'f'.repeat(64)}`;
const HTML = '<!DOCTYPE html>\n<html><body><script>alert(1)</script></body></html>';
const RULES = [
  { id: 'rule_a', result: 'pass' },
  { id: 'rule_b', result: 'fail', severity: 'high', title: 'No <b> & "quotes"', message: 'wrong mode' },
  { id: 'rule_c', result: 'notselected' },
];

let app: Application;
let admin: Client;
let other: Client;

beforeAll(async () => {
  app = await startApplication({ WINDLASS_COMPLIANCE_MAX_FILE_SIZE_MB: '1' });
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  other = await addTenant(app, 'other');
  const archive = ociArchive([{ image, tag: '1' }]);
  const uploaded = await admin.request('POST', `/windlass/image-archives?tag=${encodeURIComponent(TAG)}`, {
    body: archive,
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(uploaded.statusCode).toBe(200);
  await app.idle();
});
afterAll(() => app?.close());

const xml = (content: string, type = 'application/xml'): FormPart => ({ filename: 'result.xml', type, content });
const html: FormPart = { filename: 'report.html', type: 'text/html', content: HTML };

async function v1(method: 'GET' | 'POST', path: string, parts?: Record<string, FormPart>) {
  const form = parts ? multipart(parts) : undefined;
  return app.server.inject({
    method,
    url: `/v1/enterprise/runtime_compliance${path}`,
    headers: { ...authorization({ basic: ['admin', ADMIN_PASSWORD] }), ...form?.headers },
    ...(form ? { payload: form.body } : {}),
  });
}

async function send(parts: Record<string, FormPart>, client = admin) {
  return client.request('POST', '/windlass/runtime-compliance', multipart(parts));
}

async function stored(parts: Record<string, FormPart>): Promise<string> {
  const response = await send({ check_type: 'oscap', image_digest: UNKNOWN, ...parts });
  expect(response.statusCode).toBe(201);
  await app.idle();
  return response.json().uuid;
}

describe('runtime compliance of the first generation', () => {
  it('answers 404 when there is nothing', async () => {
    expect((await v1('GET', '')).statusCode).toBe(404);
    expect((await v1('GET', `?image_digest=${UNKNOWN}`)).statusCode).toBe(404);
    expect((await v1('GET', '/result/1')).statusCode).toBe(404);
  });

  it('stores what is sent, files after and before fields, and gives the files back safely', async () => {
    const result = xccdf({ rules: RULES });
    const response = await v1('POST', '', {
      result_file: xml(result),
      type: 'oscap',
      image_digest: UNKNOWN,
      status: 'pass',
      pod: 'web-1',
      namespace: 'shop',
      image_tag: TAG,
      start_time: '2026-03-01T10:00:00',
      end_time: '2026-03-01T12:00:05+02:00',
      report_file: html,
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      check_type: 'oscap',
      image_digest: UNKNOWN,
      result: 'pass',
      start_time: '2026-03-01T10:00:00.000Z',
      end_time: '2026-03-01T10:00:05.000Z',
      state: 'pending',
      image_known: false,
    });
    await app.idle();
    const [check] = (await v1('GET', `?image_digest=${UNKNOWN}`)).json();
    expect(check.summary).toMatchObject({ verdict: 'fail', mismatch: true, score: 50, counts: { pass: 1, fail: 1 } });
    const { result_file, report_file } = check.compliance_file_ids;
    const file = await v1('GET', `/result/${result_file}`);
    expect(file.headers['content-type']).toBe('application/xml');
    expect(file.body).toBe(result);
    const report = await v1('GET', `/result/${report_file}`);
    expect(report.body).toBe(HTML);
    expect(report.headers).toMatchObject({
      'content-type': expect.stringContaining('text/html'),
      'content-disposition': expect.stringContaining('attachment'),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect((await other.get(`/windlass/runtime-compliance-files/${report_file}`)).statusCode).toBe(404);
    expect((await other.get(`/windlass/runtime-compliance/${check.uuid}`)).statusCode).toBe(404);
  });

  it.each<[string, Record<string, FormPart>, RegExp]>([
    ['no type', { image_digest: UNKNOWN }, /check_type.*required/],
    ['another type', { check_type: 'inspec', image_digest: UNKNOWN }, /inspec/],
    ['no digest', { check_type: 'oscap' }, /image_digest.*required/],
    ['no digest at all', { check_type: 'oscap', image_digest: 'latest' }, /not a digest/],
    [
      'an end before the start',
      {
        check_type: 'oscap',
        image_digest: UNKNOWN,
        start_time: '2026-03-01T10:00:00',
        end_time: '2026-03-01T09:00:00',
      },
      /start_time/,
    ],
    ['no time', { check_type: 'oscap', image_digest: UNKNOWN, start_time: 'yesterday' }, /start_time/],
    [
      'a file of another type than it says',
      {
        check_type: 'oscap',
        image_digest: UNKNOWN,
        report_file: { filename: 'a', type: 'text/html', content: '<a/>' },
      },
      /text\/html/,
    ],
    [
      'a file that is neither XML nor HTML',
      { check_type: 'oscap', image_digest: UNKNOWN, result_file: { filename: 'a', content: Buffer.from([1, 0, 2]) } },
      /neither/,
    ],
    [
      'an empty file',
      { check_type: 'oscap', image_digest: UNKNOWN, result_file: { filename: 'a', content: '' } },
      /empty/,
    ],
    [
      'too large a file',
      {
        check_type: 'oscap',
        image_digest: UNKNOWN,
        result_file: { filename: 'a', content: `<a>${'x'.repeat(1_100_000)}</a>` },
      },
      /1 MB/,
    ],
  ])('refuses %s', async (_, parts, message) => {
    const response = await send(parts);
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toMatch(message);
  });

  it('takes no other bodies', async () => {
    expect((await admin.post('/windlass/runtime-compliance', { check_type: 'oscap' })).statusCode).toBe(415);
  });
});

describe('compliance checks', () => {
  it('show their rules, filtered and searched', async () => {
    const uuid = await stored({ result_file: xml(arf({ rules: RULES })), namespace: 'list', pod: 'p' });
    const path = `/windlass/runtime-compliance/${uuid}`;
    expect((await admin.get(path)).json().summary).toMatchObject({
      format: 'arf',
      verdict: 'fail',
      target: 'web-1',
      profile: { id: 'profile_standard', title: 'Standard profile' },
    });
    expect((await admin.get(`${path}/rules`)).json()).toMatchObject({ total_rows: 3 });
    const failed = (await admin.get(`${path}/rules?result=fail,error`)).json().items;
    expect(failed).toMatchObject([
      { rule: 'rule_b', severity: 'high', title: 'No <b> & "quotes"', messages: ['wrong mode'], fix: 'Turn it on.' },
    ]);
    expect((await admin.get(`${path}/rules?search=QUOTES`)).json().total_rows).toBe(1);
    expect((await admin.get(`${path}/rules?search=%25`)).json().total_rows).toBe(0);
    const found = (await admin.get('/windlass/runtime-compliance-rules?rule=rule_b&result=fail&namespace=list')).json();
    expect(found).toMatchObject({ total_rows: 1, items: [{ check_uuid: uuid, pod: 'p', result: 'fail' }] });
    const listed = (await admin.get('/windlass/runtime-compliance?namespace=list&pod=p&verdict=fail&limit=1')).json();
    expect(listed).toMatchObject({ total_rows: 1, items: [{ uuid }] });
    expect((await other.get('/windlass/runtime-compliance')).json()).toEqual({ items: [], total_rows: 0 });
    expect((await other.get('/windlass/runtime-compliance-rules')).json()).toEqual({ items: [], total_rows: 0 });
  });

  it('tell two runs apart', async () => {
    const before = await stored({ result_file: xml(xccdf({ rules: RULES })) });
    const after = await stored({
      result_file: xml(
        xccdf({
          rules: [
            { id: 'rule_a', result: 'fail' },
            { id: 'rule_b', result: 'pass' },
            { id: 'rule_c', result: 'notselected' },
            { id: 'rule_d', result: 'pass' },
          ],
        }),
      ),
    });
    const comparison = await admin.get(`/windlass/runtime-compliance/${after}/comparison?before=${before}`);
    expect(comparison.json()).toMatchObject({
      counts: { regressed: 1, improved: 1, added: 1, same: 1 },
      items: [
        { rule: 'rule_a', before: 'pass', after: 'fail', change: 'regressed' },
        { rule: 'rule_b', change: 'improved' },
        { rule: 'rule_d', change: 'added' },
      ],
    });
    expect((await other.get(`/windlass/runtime-compliance/${after}/comparison?before=${before}`)).statusCode).toBe(404);
  });

  it('become HDF documents', async () => {
    const uuid = await stored({ result_file: xml(xccdf({ rules: RULES })) });
    const response = await admin.get(`/windlass/runtime-compliance/${uuid}/hdf`);
    expect(response.statusCode).toBe(200);
    expect(response.json().profiles[0].controls.map((c: { impact: number }) => c.impact)).toEqual([0.5, 0.7, 0.5]);
  });

  it.each([
    ['is no result', '<a/>', /neither an XCCDF/],
    ['is cut off', xccdf({ rules: RULES }).slice(0, -40), /well-formed/],
    ['has a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${xccdf({ rules: RULES }, '')}`, /document type/],
  ])('keep a file that %s, with the reason', async (_, content, reason) => {
    const uuid = await stored({ result_file: xml(content) });
    const check = (await admin.get(`/windlass/runtime-compliance/${uuid}`)).json();
    expect(check).toMatchObject({ state: 'failed', error: expect.stringMatching(reason) });
    expect((await admin.get(`/windlass/runtime-compliance/${uuid}/hdf`)).statusCode).toBe(409);
  });

  it('are deleted with their files', async () => {
    const uuid = await stored({ result_file: xml(xccdf({ rules: RULES })), report_file: html });
    const { files } = (await admin.get(`/windlass/runtime-compliance/${uuid}`)).json();
    expect((await other.delete(`/windlass/runtime-compliance/${uuid}`)).statusCode).toBe(404);
    expect((await admin.delete(`/windlass/runtime-compliance/${uuid}`)).statusCode).toBe(204);
    for (const { id } of files)
      expect((await admin.get(`/windlass/runtime-compliance-files/${id}`)).statusCode).toBe(404);
    expect((await admin.get(`/windlass/runtime-compliance/${uuid}/rules`)).statusCode).toBe(404);
  });
});

describe('STIG evaluations', () => {
  const path = `/images/${image.digest}/stig`;
  const hdf = (start: string) =>
    JSON.stringify({
      platform: { name: 'debian', release: '12' },
      version: '5.22.3',
      statistics: { duration: 1 },
      profiles: [
        {
          name: 'sample-stig',
          title: 'Sample STIG',
          sha256: 'a'.repeat(64),
          controls: [
            {
              id: 'SV-1',
              impact: 0.5,
              tags: { nist: ['CM-6'] },
              results: [{ status: 'passed', code_desc: 'x', start_time: start }],
            },
          ],
        },
      ],
    });
  const json = (content: string, type = 'application/json'): FormPart => ({ filename: 'r.json', type, content });
  const post = (parts: Record<string, FormPart>, to = path) => admin.request('POST', to, multipart(parts));

  /** What the gate says of the image now. */
  async function findings(): Promise<string[]> {
    const { evaluations } = (
      await admin.get(`/images/${image.digest}/check?tag=${encodeURIComponent(TAG)}&detail=true`)
    ).json();
    return evaluations[0].details.findings
      .filter(({ gate }: { gate: string }) => gate === 'stig')
      .map(({ trigger }: { trigger: string }) => trigger);
  }

  it('need an image, a file and a form', async () => {
    expect((await post({ file: json(hdf('2026-01-01T00:00:00Z')) }, `/images/${UNKNOWN}/stig`)).statusCode).toBe(404);
    expect((await admin.get(`/images/${UNKNOWN}/stig`)).statusCode).toBe(404);
    expect((await post({ stig_profile: 'x' })).statusCode).toBe(400);
    expect((await admin.post(path, { stig_profile: 'x' })).statusCode).toBe(415);
    expect((await post({ file: json('<a/>', 'application/xml') })).statusCode).toBe(415);
    const bad = await post({ stig_profile: 'x', file: json('{"profiles":[]}') });
    expect(bad.statusCode).toBe(400);
    expect(bad.json().message).toContain('platform');
    expect((await admin.get('/system/stig-entitlement')).json().items).toEqual([
      { name: 'static_stig', enabled: true },
      { name: 'runtime_stig', enabled: true },
    ]);
  });

  it('are stored, replaced, given back and deleted, and judged by the gate', async () => {
    const policy = await admin.post('/policies', {
      id: 'stig',
      name: 'stig',
      version: '2',
      rule_sets: [
        {
          id: 'r',
          name: 'r',
          version: '2',
          rules: [
            { id: '1', gate: 'stig', trigger: 'no_stig_evaluations_available', action: 'STOP', params: [] },
            {
              id: '2',
              gate: 'stig',
              trigger: 'stig_evaluations_outdated',
              action: 'STOP',
              params: [{ name: 'max_days_since_stig_evaluation', value: '30' }],
            },
          ],
        },
      ],
      allowlists: [],
      mappings: [
        {
          id: 'm',
          name: 'm',
          registry: '*',
          repository: '*',
          image: { type: 'tag', value: '*' },
          rule_set_ids: ['r'],
          allowlist_ids: [],
        },
      ],
    });
    expect([policy.statusCode, policy.body]).toEqual([200, expect.anything()]);
    const record = policy.json();
    expect(
      (await admin.put(`/policies/${record.policy_id ?? record.id}?active=true`, { ...record, active: true }))
        .statusCode,
    ).toBe(200);
    await app.idle();
    expect(await findings()).toEqual(['no_stig_evaluations_available']);
    const key = encodeURIComponent(TAG);
    const [subscription] = (
      await admin.get(`/subscriptions?subscription_type=policy_eval&subscription_key=${key}`)
    ).json();
    await admin.put(`/subscriptions/${subscription.subscription_id}`, { active: true });

    const old = hdf('2020-01-01T00:00:00Z');
    const created = await post({ stig_profile: 'ubuntu2204', file: json(old) });
    expect(created.statusCode).toBe(201);
    const { evaluation_uuid: uuid } = created.json();
    expect(created.json()).toMatchObject({ stig_profile: 'ubuntu2204', evaluation_format: 'hdfjson' });
    await app.idle();
    expect(await findings()).toEqual(['stig_evaluations_outdated']);
    expect((await admin.get(`${path}/${uuid}/file`)).body).toBe(old);
    expect((await other.get(`${path}/${uuid}/file`)).statusCode).toBe(404);

    const fresh = hdf(new Date().toISOString());
    const replaced = await admin.request('PUT', `${path}/${uuid}`, multipart({ file: json(fresh) }));
    expect(replaced.statusCode).toBe(201);
    expect(replaced.json()).toMatchObject({ evaluation_uuid: uuid, stig_profile: 'ubuntu2204' });
    expect((await admin.get(path)).json().items).toHaveLength(1);
    expect((await admin.get(`${path}/${uuid}/file`)).body).toBe(fresh);
    expect(await findings()).toEqual([]);

    expect((await admin.delete(`${path}/${uuid}`)).statusCode).toBe(204);
    expect((await admin.delete(`${path}/${uuid}`)).statusCode).toBe(404);
    expect((await admin.request('PUT', `${path}/${uuid}`, multipart({ file: json(fresh) }))).statusCode).toBe(404);
    expect(await findings()).toEqual(['no_stig_evaluations_available']);
  });

  it('are not needed when a compliance check of the image is fresh', async () => {
    const run = { rules: RULES, endTime: new Date().toISOString().slice(0, 19) };
    const none = await stored({
      image_digest: image.digest,
      result_file: xml(xccdf({ ...run, rules: [{ id: 'a', result: 'notapplicable' }] })),
    });
    expect(await findings()).toEqual(['no_stig_evaluations_available']);
    const uuid = await stored({ image_digest: image.digest, result_file: xml(xccdf(run)) });
    expect((await admin.get(`/windlass/runtime-compliance/${uuid}`)).json().image_known).toBe(true);
    expect(await findings()).toEqual([]);
    const events = (await admin.get('/events?limit=100')).json().results as { event: { type: string } }[];
    expect(events.some(({ event }) => event.type === 'user.checks.tag.policy_evaluation.update')).toBe(true);
    for (const check of [none, uuid]) await admin.delete(`/windlass/runtime-compliance/${check}`);
    await app.idle();
    expect(await findings()).toEqual(['no_stig_evaluations_available']);
  });
});
