import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '#shared/json-object.ts';
import { RegistryError } from '../errors.ts';
import type { CredentialSource, Credentials } from './credentials.ts';

const HELPER_TIMEOUT_MS = 30_000;
const MAX_HELPER_OUTPUT = 1024 * 1024;

/** Files that hold registry log-ins, in the order in which they are asked: podman's, then docker's. */
export function credentialFiles(env: NodeJS.ProcessEnv = process.env): string[] {
  const files: string[] = [];
  if (env.REGISTRY_AUTH_FILE) files.push(env.REGISTRY_AUTH_FILE);
  if (env.DOCKER_CONFIG) files.push(join(env.DOCKER_CONFIG, 'config.json'));
  if (env.XDG_RUNTIME_DIR) files.push(join(env.XDG_RUNTIME_DIR, 'containers/auth.json'));
  files.push(join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'containers/auth.json'));
  files.push(join(homedir(), '.docker/config.json'));
  return [...new Set(files)];
}

/** Log-ins that `docker login` and `podman login` left on this machine, credential helpers included. */
export function machineCredentials(files = credentialFiles()): CredentialSource {
  return async (registry, repository) => {
    for (const file of files) {
      const config = await readConfig(file);
      const found = config && (await lookUp(config, registry, repository));
      if (found) return found;
    }
    return undefined;
  };
}

async function readConfig(file: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    const config: unknown = JSON.parse(text);
    if (isObject(config)) return config;
  } catch (error) {
    throw new RegistryError('invalid', `${file} is not JSON.`, { cause: error });
  }
  throw new RegistryError('invalid', `${file} is not a JSON object.`);
}

async function lookUp(
  config: Record<string, unknown>,
  registry: string,
  repository: string,
): Promise<Credentials | undefined> {
  const helpers = isObject(config.credHelpers) ? config.credHelpers : {};
  const auths = isObject(config.auths) ? config.auths : {};
  for (const key of lookUpKeys(registry, repository)) {
    const helper = helpers[key];
    if (typeof helper === 'string') return askHelper(helper, key);
    const entry = Object.entries(auths).find(([name]) => hostKey(name) === hostKey(key))?.[1];
    const stored = isObject(entry) ? decodeEntry(entry) : undefined;
    if (stored) return stored;
  }
  if (typeof config.credsStore === 'string' && config.credsStore !== '') {
    return askHelper(config.credsStore, isHub(registry) ? 'https://index.docker.io/v1/' : registry);
  }
  return undefined;
}

/** From the most to the least specific: podman keeps log-ins for parts of a registry too. */
function lookUpKeys(registry: string, repository: string): string[] {
  const segments = repository.split('/');
  const nested = segments.map((_, i) => `${registry}/${segments.slice(0, segments.length - i).join('/')}`);
  return isHub(registry)
    ? [...nested, 'docker.io', 'https://index.docker.io/v1/', 'index.docker.io', 'registry-1.docker.io']
    : [...nested, registry];
}

function isHub(registry: string): boolean {
  return ['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(registry);
}

/** Keys may be addresses: `https://host/v1/` stands for the host. */
function hostKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return bare.replace(/\/v[12]$/, '');
}

function decodeEntry(entry: Record<string, unknown>): Credentials | undefined {
  const text = (key: string): string | undefined =>
    typeof entry[key] === 'string' && entry[key] !== '' ? (entry[key] as string) : undefined;
  const identityToken = text('identitytoken');
  if (identityToken) return { identityToken };
  const registryToken = text('registrytoken');
  if (registryToken) return { registryToken };
  const decoded = Buffer.from(text('auth') ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon > 0) return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  const username = text('username');
  const password = text('password');
  return username && password ? { username, password } : undefined;
}

/** Asks `docker-credential-NAME get` (docker-credential-helpers protocol: server on stdin, JSON on stdout). */
async function askHelper(name: string, server: string): Promise<Credentials | undefined> {
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    throw new RegistryError('invalid', `"${name}" is not the name of a credential helper.`);
  const output = await run(`docker-credential-${name}`, server);
  if (output === undefined) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch (error) {
    throw new RegistryError('invalid', `docker-credential-${name} did not answer with JSON.`, { cause: error });
  }
  const { Username, Secret } = isObject(answer) ? answer : {};
  if (typeof Username !== 'string' || typeof Secret !== 'string' || Secret === '') return undefined;
  return Username === '<token>' ? { identityToken: Secret } : { username: Username, password: Secret };
}

/** Output of a helper; undefined when it says that it has nothing for this server. */
function run(program: string, input: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: HELPER_TIMEOUT_MS });
    let output = '';
    child.on('error', (cause) =>
      reject(new RegistryError('unauthorized', `${program} cannot be run: ${cause.message}`, { cause })),
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > MAX_HELPER_OUTPUT) child.kill();
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else if (signal !== null) reject(new RegistryError('unauthorized', `${program} did not answer in time.`));
      else resolve(undefined);
    });
    child.stdin.on('error', () => undefined); // a helper may end without reading
    child.stdin.end(input);
  });
}
