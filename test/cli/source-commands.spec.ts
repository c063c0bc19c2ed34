import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitState } from '../../src/programs/cli/git-state.ts';
import { buildOciImage, debianFiles, ociArchive } from '../builders/oci-image.ts';
import { type RunOptions, run } from './memory-context.ts';

const env = { WINDLASS_URL: 'http://server:1', WINDLASS_USERNAME: 'ci', WINDLASS_PASSWORD: 'secret' };
const uuid = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const revision = 'a'.repeat(40);
const source = {
  uuid,
  host: 'git.example.org',
  repository_name: 'team/web',
  revision,
  analysis_status: 'analyzed',
  source_status: 'active',
};
const NAME = `git.example.org/team/web@${revision}`;
const lodash = { vuln: 'GHSA-1', severity: 'High', package: 'lodash-4.17.20', package_name: 'lodash', fix: '4.17.21' };

/** Answers by method and path, and keeps bodies in order. */
function server(answers: Record<string, unknown>) {
  const bodies = new Map<string, unknown>();
  const fetch: NonNullable<RunOptions['fetch']> = async (url, init) => {
    const key = `${init.method} ${decodeURIComponent(url.replace('http://server:1/v2', ''))}`;
    const { body } = init;
    if (typeof body === 'string') bodies.set(key, /^[[{]/.test(body) ? JSON.parse(body) : body);
    const answer = answers[key];
    if (answer === null) return new Response(null, { status: 204 });
    return answer === undefined
      ? Response.json({ message: `no answer to ${key}`, code: 404 }, { status: 404 })
      : Response.json(answer);
  };
  return { bodies, run: (...args: string[]) => run(args, { env, fetch }) };
}

const listed = { 'GET /sources': { items: [source] } };
const versions = `/applications/${uuid}/versions`;
const version = `${versions}/${other}`;
const application = {
  'GET /applications?include_versions=false': [{ application_id: uuid, name: 'shop' }],
  [`GET ${versions}`]: [{ application_version_id: other, version_name: '1.0' }],
};
// Queries that equal their default are left out.
const apps = { ...application, 'GET /applications': application['GET /applications?include_versions=false'] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-source-'));
  const git = join(folder, '.git');
  mkdirSync(join(git, 'refs', 'heads'), { recursive: true });
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(git, 'refs', 'heads', 'main'), `${revision}\n`);
  writeFileSync(
    join(git, 'config'),
    '[core]\n\tbare = false\n[remote "origin"]\n\turl = git@git.example.org:team/web.git\n\tfetch = x\n[branch "main"]\n',
  );
  mkdirSync(join(folder, 'node_modules', 'lodash'), { recursive: true });
  writeFileSync(
    join(folder, 'node_modules', 'lodash', 'package.json'),
    JSON.stringify({ name: 'lodash', version: '4.17.20' }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('gitState', () => {
  it('reads remote, branch and commit', async () =>
    expect(await gitState(folder)).toEqual({
      host: 'git.example.org',
      repository: 'team/web',
      revision,
      branch: 'main',
    }));
  it.each([
    ['https://user:secret@git.example.org:8443/team/web.git', 'git.example.org', 'team/web'],
    ['ssh://git@git.example.org/team/deep/web', 'git.example.org', 'team/deep/web'],
    ['git@git.example.org:web.git', 'git.example.org', 'web'],
    ['/srv/git/web.git', undefined, undefined],
  ])('understands the remote %s', async (url, host, repository) => {
    const bare = mkdtempSync(join(tmpdir(), 'windlass-git-'));
    mkdirSync(join(bare, '.git'));
    writeFileSync(join(bare, '.git', 'HEAD'), `${revision}\n`);
    writeFileSync(join(bare, '.git', 'config'), `[remote "origin"]\n\turl = ${url}\n`);
    const state = await gitState(bare);
    rmSync(bare, { recursive: true });
    expect(state).toEqual({ revision, ...(host ? { host, repository } : {}) });
  });
  it('knows nothing of a folder without git', async () =>
    expect(await gitState(join(folder, 'node_modules'))).toEqual({}));
});

describe('source', () => {
  it('analyses a folder here and sends what was found', async () => {
    const path = `/imports/sources/${other}`;
    const { run: call, bodies } = server({
      'POST /imports/sources': { uuid: other, status: 'pending' },
      [`POST ${path}/sbom`]: { digest: 'd1' },
      [`POST ${path}/finalize`]: source,
    });
    const { exitCode, stdout, stderr } = await call('source', 'add', folder, '--author', 'kim');
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining(uuid), '']);
    expect(bodies.get(`POST ${path}/sbom`)).toMatchObject({ artifacts: [{ name: 'lodash', type: 'npm' }] });
    expect(bodies.get(`POST ${path}/finalize`)).toEqual({
      host: 'git.example.org',
      repository_name: 'team/web',
      revision,
      branch_name: 'main',
      change_author: 'kim',
      contents: { sbom: 'd1' },
    });
  });
  it('needs a name', async () => {
    const { exitCode, stderr } = await server({}).run('source', 'add', join(folder, 'node_modules'));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--host')]);
  });
  it.each([NAME, uuid])('is named %s', async (name) => {
    const answers = { ...listed, [`GET /sources/${uuid}`]: { ...source, metadata_records: [{ branch_name: 'main' }] } };
    expect((await server(answers).run('source', 'get', name)).stdout).toMatch(/Branch +main/);
  });
  it('lists, judges and deletes', async () => {
    expect((await server(listed).run('source', 'list', '-o', 'id')).stdout).toBe(`${uuid}\n`);
    const vulnerabilities = { ...listed, [`GET /sources/${uuid}/vuln/all`]: { vulnerabilities: [lodash] } };
    const listing = await server(vulnerabilities).run('source', 'vuln', NAME, '--fail-on', 'high');
    expect([listing.exitCode, listing.stdout]).toEqual([1, expect.stringContaining('GHSA-1')]);
    const verdict = {
      ...source,
      policy: { id: 'p', name: 'p', version: '2', rule_sets: [], mappings: [] },
      source_mapped_to_rule: true,
      status: 'fail',
      final_action: 'stop',
      findings: [{ gate: 'vulnerabilities', trigger: 'package', action: 'stop', message: 'bad' }],
      evaluation_problems: [],
    };
    const check = await server({ ...listed, [`GET /sources/${uuid}/check`]: verdict }).run('source', 'check', NAME);
    expect([check.exitCode, check.stdout]).toEqual([1, expect.stringMatching(/stop +vulnerabilities\/package +bad/)]);
    const deleted = { ...listed, [`DELETE /sources/${uuid}?force=true`]: null };
    expect((await server(deleted).run('source', 'delete', NAME, '--force')).exitCode).toBe(0);
    expect((await server({ 'GET /sources': { items: [] } }).run('source', 'get', NAME)).exitCode).toBe(3);
  });
});

describe('image add --from', () => {
  it('analyses an archive here and sends it part by part', async () => {
    const image = buildOciImage([debianFiles({ bash: '5.2.15-2+b2' })]);
    const file = join(folder, 'app.tar');
    writeFileSync(file, ociArchive([{ image, tag: '1' }]));
    const path = `/imports/images/${other}`;
    const digests = {
      packages: 'd1',
      'image-config': 'd2',
      manifest: 'd3',
      'secret-searches': 'd4',
      'content-searches': 'd5',
      'file-contents': 'd6',
    };
    const { run: call, bodies } = server({
      'POST /imports/images': { uuid: other, status: 'pending' },
      ...Object.fromEntries(Object.entries(digests).map(([part, digest]) => [`POST ${path}/${part}`, { digest }])),
      'POST /images': { image_digest: image.digest, analysis_status: 'not_analyzed' },
    });
    const { exitCode, stderr, stdout } = await call(
      'image',
      'add',
      'app:1',
      '--from',
      `oci-archive:${file}`,
      '-o',
      'id',
    );
    expect([exitCode, stderr, stdout]).toEqual([0, '', `${image.digest}\n`]);
    expect(bodies.get(`POST ${path}/packages`)).toMatchObject({
      artifacts: [{ name: 'bash' }],
      distro: { id: 'debian' },
    });
    expect(bodies.get(`POST ${path}/image-config`)).toMatchObject({ os: 'linux', rootfs: { type: 'layers' } });
    expect(bodies.get('POST /images')).toMatchObject({
      source: {
        import: {
          operation_uuid: other,
          digest: image.digest,
          tags: ['app:1'],
          contents: { packages: 'd1', image_config: 'd2', manifest: 'd3' },
        },
      },
    });
  });
  it.each([
    [['app:1', 'app:2', '--from', 'oci-archive:app.tar'], 'one image'],
    [['app:1', '--platform', 'linux/arm64'], '--platform'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await server({}).run('image', 'add', ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
  it('takes no folder for an image', async () => {
    const { exitCode, stderr } = await server({}).run('image', 'add', 'app:1', '--from', `dir:${folder}`);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('source add')]);
  });
});

describe('application', () => {
  it('associates a source with a version', async () => {
    const { run: call, bodies } = server({
      ...apps,
      ...listed,
      [`POST ${version}/artifacts`]: { artifact_association_metadata: { association_id: uuid } },
    });
    const { exitCode } = await call('application', 'associate', 'shop', '1.0', '--source', NAME);
    expect(exitCode).toBe(0);
    expect(bodies.get(`POST ${version}/artifacts`)).toEqual({ artifact_type: 'source', artifact_keys: { uuid } });
    expect((await call('application', 'associate', 'shop', '1.0')).exitCode).toBe(2);
    expect((await call('application', 'associate', 'shop', '9', '--source', NAME)).exitCode).toBe(3);
  });
  it('lists what a version is made of, and what is wrong with it', async () => {
    const { run: call } = server({
      ...apps,
      [`GET ${version}/artifacts`]: {
        associated_source_artifacts: [{ source, artifact_association_metadata: { association_id: other } }],
        associated_image_artifacts: [{ image: { image_digest: 'sha256:1', image_status: 'inactive' } }],
      },
      [`GET ${version}/vulnerabilities`]: {
        vulnerabilities: [
          {
            id: 'CVE-1',
            vendor_data: { severity: 'High' },
            matches: [{ fix: '2', location: { artifact: { id: 'x' }, package: { name: 'a', version: '1' } } }],
          },
        ],
        unavailable_artifacts: [{ artifact_type: 'image', artifact_id: 'sha256:1', reason: 'image not found' }],
      },
    });
    expect((await call('application', 'artifacts', 'shop', '1.0')).stdout).toMatch(/image +sha256:1 +inactive/);
    const { stdout, stderr } = await call('application', 'vuln', 'shop', '1.0');
    expect(stdout).toMatch(/High +CVE-1 +a 1 +2 +1/);
    expect(stderr).toContain('image not found');
  });
});

describe('relationship', () => {
  it('relates, compares and deletes', async () => {
    const { run: call, bodies } = server({
      ...listed,
      'POST /artifact-relationships': { relationship_id: other },
      [`GET /artifact-relationships/${other}/diffs/sbom`]: {
        target_only: [{ name: 'b', version: '1' }],
        source_modified: [{ source: { name: 'a', version: '1' }, target: { name: 'a', version: '2' } }],
      },
      [`DELETE /artifact-relationships?relationship_ids=${other}`]: { deleted: [other], not_found: [] },
    });
    expect((await call('relationship', 'add', '--from-source', NAME, '--to-source', uuid, '-o', 'id')).stdout).toBe(
      `${other}\n`,
    );
    expect(bodies.get('POST /artifact-relationships')).toMatchObject({
      source: { artifact_type: 'source', artifact_id: uuid },
      relationship_type: 'contains',
    });
    expect((await call('relationship', 'diff', other)).stdout).toMatch(/added +b +1[\s\S]*changed +a +1 +2/);
    expect((await call('relationship', 'delete', other)).stdout).toContain(other);
    expect((await call('relationship', 'add', '--from-source', NAME)).exitCode).toBe(2);
  });
});
