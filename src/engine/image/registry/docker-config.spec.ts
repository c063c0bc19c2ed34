import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { credentialFiles, machineCredentials } from './docker-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-login-'));
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const auth = (user: string, password = 'p') => ({ auth: Buffer.from(`${user}:${password}`).toString('base64') });
const user = (username: string) => ({ username, password: 'p' });

function ask(config: object | string, registry: string, repository = 'team/app') {
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  return machineCredentials([join(folder, 'missing.json'), file])(registry, repository);
}

/** A credential helper that answers as the shell script says; the server is in `$server`. */
function helper(name: string, script: string): void {
  const path = join(folder, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\nread -r server || true\n${script}\n`);
  chmodSync(path, 0o755);
}

describe('stored log-ins', () => {
  it.each<[string, object, string, object | undefined]>([
    ['by host', { 'r.example': auth('me') }, 'r.example', user('me')],
    ['by address', { 'https://r.example/v2/': auth('me') }, 'r.example', user('me')],
    ['with a port', { 'r.example:5000': auth('me') }, 'r.example:5000', user('me')],
    ['of another host', { 'x.example': auth('me') }, 'r.example', undefined],
    ['of Docker Hub', { 'https://index.docker.io/v1/': auth('me') }, 'docker.io', user('me')],
    [
      'of a part of a registry first',
      { 'r.example': auth('all'), 'r.example/team': auth('team') },
      'r.example',
      user('team'),
    ],
    [
      'as identity token',
      { 'r.example': { ...auth('me'), identitytoken: 'idt' } },
      'r.example',
      { identityToken: 'idt' },
    ],
    ['as registry token', { 'r.example': { registrytoken: 'rt' } }, 'r.example', { registryToken: 'rt' }],
    ['in plain', { 'r.example': { username: 'me', password: 'p' } }, 'r.example', user('me')],
    ['without content', { 'r.example': {} }, 'r.example', undefined],
  ])('%s', async (_, auths, registry, expected) => {
    expect(await ask({ auths }, registry)).toEqual(expected);
  });

  it('keep colons of a password', async () => {
    expect(await ask({ auths: { r: auth('me', 'a:b') } }, 'r')).toEqual({ username: 'me', password: 'a:b' });
  });

  it.each(['{', '[]'])('are an error when the file is %s', async (text) => {
    await expect(ask(text, 'r.example')).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe.skipIf(process.platform === 'win32')('credential helpers', () => {
  it('are asked for one registry, or for all', async () => {
    helper('one', 'printf \'{"Username":"%s","Secret":"p"}\' "$server"');
    expect(await ask({ credHelpers: { 'r.example': 'one' } }, 'r.example')).toEqual(user('r.example'));
    expect(await ask({ credsStore: 'one' }, 'x.example')).toEqual(user('x.example'));
    expect(await ask({ credsStore: 'one' }, 'docker.io')).toEqual(user('https://index.docker.io/v1/'));
  });

  it('may give an identity token', async () => {
    helper('token', 'echo \'{"Username":"<token>","Secret":"idt"}\'');
    expect(await ask({ credsStore: 'token' }, 'r.example')).toEqual({ identityToken: 'idt' });
  });

  it('may know nothing', async () => {
    helper('none', 'echo "credentials not found"; exit 1');
    expect(await ask({ credsStore: 'none' }, 'r.example')).toBeUndefined();
  });

  it.each([
    ['absent', 'gone', '', 'unauthorized'],
    ['no JSON', 'text', 'echo hello', 'invalid'],
  ])('are an error when %s', async (_, name, script, code) => {
    if (script) helper(name, script);
    await expect(ask({ credsStore: name }, 'r.example')).rejects.toMatchObject({ code });
  });

  it('have plain names', async () => {
    await expect(ask({ credsStore: '../x' }, 'r.example')).rejects.toMatchObject({ code: 'invalid' });
  });
});

it('looks in the files of podman and docker', () => {
  const files = credentialFiles({ REGISTRY_AUTH_FILE: '/a', DOCKER_CONFIG: '/d', XDG_RUNTIME_DIR: '/run' });
  expect(files.slice(0, 3)).toEqual(['/a', '/d/config.json', '/run/containers/auth.json']);
});
