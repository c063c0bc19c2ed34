import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOciImage, debianFiles } from '../builders/oci-image.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';
import { type FakeRegistry, startFakeRegistry } from '../e2e/registries.ts';
import { PASSWORD, startWindlass, type Windlass } from '../e2e/windlass.ts';

/** Path of the `anchore-cli` program (Python package anchorecli 0.9); the tests are skipped without it. */
const CLI = process.env.TEST_ANCHORE_CLI;

const image = buildOciImage([debianFiles({ openssl: '3.0.9-1' }), { 'usr/share/doc/x': 'x' }]);

let folder: string;
let registry: FakeRegistry;
let server: Windlass;
let tag: string;

interface Outcome {
  code: number;
  text: string;
}

/** Runs the program as its users do; `input` answers its questions. */
function cli(words: readonly string[], input = ''): Promise<Outcome> {
  const env = {
    ...process.env,
    HOME: folder,
    ANCHORE_CLI_URL: `${server.url}/v1`,
    ANCHORE_CLI_USER: 'admin',
    ANCHORE_CLI_PASS: PASSWORD,
  };
  return new Promise((resolve) => {
    const child = execFile(CLI!, words, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

/** Runs a command line and checks that it succeeds and prints every one of `words`. */
async function prints(command: string, ...words: (string | RegExp)[]): Promise<string> {
  const { code, text } = await cli(command.replaceAll('IMAGE', tag).replaceAll('HOST', registry.host).split(' '));
  expect([command, code, text]).toEqual([command, 0, text]);
  // the program swallows exceptions of its own formatter and says so
  expect(text).not.toMatch(/WARNING: failed to format output|Traceback/);
  for (const word of words)
    expect(text).toMatch(word instanceof RegExp ? word : new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return text;
}

describe.skipIf(!CLI)(
  `the command line program of the first generation${CLI ? '' : ' (TEST_ANCHORE_CLI names no program)'}`,
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'windlass-anchore-cli-'));
      registry = await startFakeRegistry();
      registry.publish('team/app', '1', image);
      registry.interfere = (request, response) => {
        if (!request.url?.includes('/tags/list')) return false;
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"team/app","tags":["1"]}');
        return true;
      };
      tag = `${registry.host}/team/app:1`;
      publishDatabase(join(folder, 'feed'), {
        built: '2026-01-01T00:00:00Z',
        advisories: [
          {
            id: 'CVE-2023-5363',
            provider: 'debian',
            distro: { name: 'debian', major: '12' },
            ecosystem: 'deb',
            versions: 'dpkg',
            severity: 'high',
            package: 'openssl',
            constraint: '< 3.0.11-1~deb12u2',
            fix: '3.0.11-1~deb12u2',
          },
        ],
      });
      server = await startWindlass({
        WINDLASS_DATA_DIR: join(folder, 'data'),
        WINDLASS_FEED_URL: join(folder, 'feed'),
      });
    });
    afterAll(async () => {
      await server?.kill('SIGTERM');
      await registry?.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it('waits for the system and synchronises feeds', async () => {
      await prints('system status', /Service catalog \(.*\): up/, 'Engine Code Version');
      expect((await cli(['system', 'feeds', 'sync'], 'y\n')).text).toMatch(/vulnerabilities\s+debian\s+success/);
      await prints('system feeds list', /vulnerabilities\s+debian\s+20\d\d-/);
      await prints('system wait --timeout 20 --interval 1', 'Feed sync: Success.');
      await prints('system errorcodes', 'REGISTRY_IMAGE_NOT_FOUND');
      expect((await cli(['system', 'webhook', 'test', 'general'])).text).toContain('is not configured');
      expect((await cli(['system', 'del', 'nowhere', 'catalog'])).code).toBe(1);
    });

    it('keeps registries', async () => {
      await prints('registry add HOST user secret --insecure --skip-validate', 'Verify TLS: False');
      await prints('registry list', /docker_v2\s+user/);
      await prints('registry get HOST', 'User: user');
      expect((await cli(['registry', 'get', 'nowhere.example'])).code).toBe(1);
      await prints('registry update HOST other secret --insecure --skip-validate', 'User: other');
      expect(await cli(['registry', 'add', registry.host, 'u', 'p', '--insecure', '--skip-validate'])).toMatchObject({
        code: 2,
        text: expect.stringContaining('registry already exists in DB'),
      });
    });

    it('adds an image and reads what is in it', async () => {
      await prints('image add IMAGE --annotation team=blue', 'Analysis Status: ', 'Annotations: team=blue');
      await prints(
        'image wait IMAGE --interval 1 --timeout 60',
        'Analysis Status: analyzed',
        'Distro: debian',
        'Layer Count: 2',
      );
      await prints('image list', tag, image.digest);
      await prints('image list --full --show-all', tag, 'Image ID');
      await prints(`image get ${image.digest}`, tag);
      const id = /Image ID: ([0-9a-f]{64})/.exec(await prints('image get IMAGE --show-history'))?.[1];
      await prints(`image get ${id}`, image.digest);
      await prints(`image vuln ${id} os`, 'CVE-2023-5363');
      await prints('image content IMAGE', 'os: available', 'java: available');
      await prints('image content IMAGE os', /openssl\s+3\.0\.9-1/);
      await prints('image content IMAGE files', '/etc/passwd');
      await prints('image content IMAGE manifest', 'schemaVersion');
      await prints('image metadata IMAGE', 'docker_history: available');
      await prints('image metadata IMAGE docker_history', 'created_by');
      await prints('image vuln IMAGE', 'non-os: available');
      await prints('image vuln IMAGE all', /CVE-2023-5363\s+openssl-3\.0\.9-1\s+High\s+3\.0\.11-1~deb12u2/);
      await prints('image vuln IMAGE os --vendor-only False', 'CVE-2023-5363');
      await prints('query images-by-vulnerability --vulnerability-id CVE-2023-5363', tag, 'openssl-3.0.9-1');
      await prints('query images-by-package --name openssl', tag);
      expect((await cli(['image', 'get', 'nothing/at-all:1'])).code).toBe(1);
      expect(await cli(['image', 'vuln', tag, 'nosuch'])).toMatchObject({
        code: 1,
        text: expect.stringContaining('HTTP Code: 400'),
      });
      expect(await cli(['image', 'content', tag, 'malware'])).toMatchObject({ code: 1 });
      expect(await cli(['image', 'content', tag, 'npm'])).toMatchObject({ code: 2 });
    });

    it('adds an image again by force, in the moment in which its analysis ends', async () => {
      for (let turn = 0; turn < 3; turn += 1) await prints('image add IMAGE --force', 'Analysis Status: not_analyzed');
      await prints('image wait IMAGE --interval 1 --timeout 30', 'Analysis Status: analyzed');
    });

    it('answers with the same as JSON', async () => {
      const jsonOf = async (command: string) => JSON.parse(await prints(`--json ${command}`));
      expect(await jsonOf('image get IMAGE')).toMatchObject([
        { imageDigest: image.digest, analysis_status: 'analyzed' },
      ]);
      expect((await jsonOf('image list')).length).toBe(1);
      expect(await jsonOf('image vuln IMAGE all')).toMatchObject({
        imageDigest: image.digest,
        vulnerabilities: [{ vuln: 'CVE-2023-5363', package: 'openssl-3.0.9-1', severity: 'High' }],
      });
      const [check] = await jsonOf('evaluate check IMAGE --detail');
      expect(check[image.digest][tag][0]).toMatchObject({ status: 'pass', policyId: expect.any(String) });
      expect(await jsonOf('system status')).toMatchObject({ service_states: expect.any(Array) });
      expect(await jsonOf('policy list')).toMatchObject([{ active: true }]);
      expect(await jsonOf('event list')).toMatchObject({ results: expect.any(Array), next_page: false });
      expect(await jsonOf('account whoami')).toMatchObject({ user: { username: 'admin' }, account: { name: 'admin' } });
      expect(await jsonOf('subscription list')).toHaveLength(4);
    });

    it('archives, restores, and keeps rules', async () => {
      await prints(`analysis-archive images add ${image.digest}`, 'archived');
      await prints('analysis-archive images list', image.digest, tag);
      await prints(`analysis-archive images get ${image.digest}`, tag);
      await prints('image del IMAGE --force', 'Success');
      await prints(`analysis-archive images restore ${image.digest}`, `Image Digest: ${image.digest}`);
      await prints('image wait IMAGE --interval 1 --timeout 30', 'Analysis Status: analyzed');
      await prints(`analysis-archive images del ${image.digest} --force`, 'Success');
      expect((await cli(['analysis-archive', 'images', 'get', image.digest])).code).toBe(1);
      const made = await prints('analysis-archive rules add 90 1 archive --registry-selector HOST', 'archive');
      const rule = /^([0-9a-f]{32})\s/m.exec(made)?.[1];
      await prints('analysis-archive rules add 90 1 archive --is-global --max-images-per-account 100', '100');
      await prints('analysis-archive rules list', rule!);
      await prints(`analysis-archive rules get ${rule}`, rule!);
      await prints(`analysis-archive rules del ${rule}`, 'Success');
    });

    it('corrects packages', async () => {
      const cpe = 'cpe:2.3:a:x:y:1:*:*:*:*:*:*:*';
      await prints(`enterprise corrections add -m package=nothing -p dpkg -r cpes=${cpe}`, 'Success');
      const id = /^([0-9a-f-]{36})\s/m.exec(await prints('enterprise corrections list'))?.[1];
      await prints(`enterprise corrections get ${id}`, cpe);
      await prints(`enterprise corrections delete ${id}`, 'Success');
    });

    it('manages policies and gates a pipeline by exit code', async () => {
      const path = join(folder, 'bundle.json');
      const rule = { id: 'r', gate: 'always', trigger: 'always', action: 'STOP', params: [] };
      const mapping = {
        id: 'm',
        name: 'all',
        registry: '*',
        repository: '*',
        image: { type: 'tag', value: '*' },
        policy_id: 'p',
        whitelist_ids: [],
      };
      const bundle = {
        id: 'stopper',
        name: 'stopper',
        version: '1_0',
        policies: [{ id: 'p', name: 'P', version: '1_0', rules: [rule] }],
        whitelists: [],
        mappings: [mapping],
        whitelisted_images: [],
        blacklisted_images: [],
      };
      writeFileSync(path, JSON.stringify(bundle));
      const before = /^(\S+)\s+True/m.exec(await prints('policy list'))?.[1];
      await prints(`policy add ${path}`, 'Policy ID: stopper', 'Active: False');
      await prints('policy activate stopper', 'Success: stopper activated');
      expect(await cli(['evaluate', 'check', tag, '--detail'])).toMatchObject({
        code: 1,
        text: expect.stringMatching(/Status: fail[\s\S]*Final Action: stop[\s\S]*always\s+always\s+.*stop/),
      });
      await prints('policy get stopper --detail', '"policy_ids"');
      await prints(`policy activate ${before}`);
      await prints('policy del stopper', 'Success');
      expect([0, 1]).toContain((await cli(['evaluate', 'check', tag, '--show-history'])).code);
      await prints('policy describe', 'vulnerabilities');
      await prints('policy describe --gate vulnerabilities --trigger package', 'severity_comparison');
    });

    it('keeps subscriptions, repositories, accounts and events', async () => {
      await prints('subscription activate policy_eval IMAGE', 'Success');
      await prints('subscription list --full', /policy_eval\s+True/);
      await prints('subscription deactivate policy_eval IMAGE', 'Success');
      const [, id] = /policy_eval\s+False\s+([0-9a-f]{32})/.exec(await prints('subscription list --full')) ?? [];
      await prints(`subscription get ${id}`, 'policy_eval');
      await prints(`subscription del ${id}`, 'Success');
      expect((await cli(['subscription', 'activate', 'policy_eval', tag])).code).toBe(2);
      await prints('repo add HOST/team/app --dryrun', 'DRY RUN');
      await prints('repo add HOST/team/app --noautosubscribe', /team\/app\s+True\s+1/);
      await prints('repo list', /team\/app\s+True\s+1/);
      await prints('repo unwatch HOST/team/app', /team\/app\s+False/);
      await prints('repo watch HOST/team/app', /team\/app\s+True/);
      await prints('repo get HOST/team/app', /team\/app\s+True/);
      await prints('repo del HOST/team/app', 'Success');
      await prints('account whoami', 'AccountType: admin');
      await prints('account add team --email t@example.org', 'State: enabled');
      await prints('account list', 't@example.org');
      await prints('account get team', 'Name: team');
      await prints('account user add --account team bob bob-secret', 'Name: bob');
      await prints('account user list --account team', 'bob');
      await prints('account user get --account team bob', 'Type: native');
      await prints('account user setpassword --account team --username bob bob-secret2', 'Password (re)set success');
      await prints('account user del --account team bob', 'Success');
      expect((await cli(['account', 'del', '--dontask', 'team'])).text).toContain('accounts must be disabled');
      await prints('account disable team', 'Success');
      await prints('account enable team', 'Success');
      await prints('event list', 'user.image.analysis.completed');
      const [, event] = /\s([0-9a-f]{8}-[0-9a-f-]{27})\s/.exec(await prints('event list --full')) ?? [];
      await prints(`event get ${event}`, 'timestamp:');
      await prints(`event delete ${event}`);
      await prints('event delete --all --dontask', /Deleted \d+ events/);
      await prints('event list --level error --event_type system.*');
    });

    it('deletes', async () => {
      await prints('subscription activate vuln_update IMAGE', 'Success');
      expect(await cli(['image', 'del', tag])).toMatchObject({
        code: 1,
        text: expect.stringContaining('active subscriptions'),
      });
      await prints('image del IMAGE --force', 'Success');
      await prints('registry del HOST', 'Success');
      expect((await cli(['--json', 'registry', 'del', registry.host])).code).toBe(1);
      expect((await cli(['account', 'disable', 'team'])).code).toBe(0);
      await prints('account del --dontask team');
    });
  },
);
