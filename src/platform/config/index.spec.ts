import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from './index.ts';
import { listSettings } from './names.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windlass-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, 'windlass.yaml');
  writeFileSync(path, text);
  return path;
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = loadConfig({ env: {} });
    expect(config.server).toMatchObject({ port: 8228, roles: ['api', 'worker', 'scheduler'], data_dir: './data' });
    expect(config.database.url).toBeUndefined();
    expect(config.auth).toMatchObject({ token_lifetime_seconds: 3600, refresh_token_lifetime_seconds: 86400 });
    expect(config.feeds.url).toBe('https://grype.anchore.io/databases');
    expect(Object.isFrozen(config.server.roles)).toBe(true);
  });

  it('takes the command line over the environment over the file', () => {
    const path = file('server:\n  port: 1\n  host: 127.0.0.1\n  request_timeout_seconds: 5\n');
    const config = loadConfig({ env: { WINDLASS_PORT: '2', WINDLASS_HOST: '::1' }, argv: ['--port=3'], file: path });
    expect(config.server).toMatchObject({ port: 3, host: '::1', request_timeout_seconds: 5 });
  });

  it.each([
    [{ WINDLASS_ROLES: 'api, worker' }, (c: ReturnType<typeof loadConfig>) => c.server.roles, ['api', 'worker']],
    [{ ANCHORE_ADMIN_PASSWORD: 'x' }, (c: ReturnType<typeof loadConfig>) => c.auth.admin_password, 'x'],
    [
      { ANCHORE_ADMIN_PASSWORD: 'x', WINDLASS_ADMIN_PASSWORD: 'y' },
      (c: ReturnType<typeof loadConfig>) => c.auth.admin_password,
      'y',
    ],
    [{ ANCHORE_LOG_LEVEL: 'WARNING' }, (c: ReturnType<typeof loadConfig>) => c.logging.level, 'warn'],
    [{ WINDLASS_S3_PATH_STYLE: 'yes' }, (c: ReturnType<typeof loadConfig>) => c.objects.s3_path_style, true],
    [
      { WINDLASS_OUTBOUND_DENY: '10.0.0.0/8,fd00::/8' },
      (c: ReturnType<typeof loadConfig>) => c.outbound.deny,
      ['10.0.0.0/8', 'fd00::/8'],
    ],
    [{ WINDLASS_PORT: '' }, (c: ReturnType<typeof loadConfig>) => c.server.port, 8228],
    [{ WINDLASS_URL: 'http://a', WINDLASS_USERNAME: 'a' }, (c: ReturnType<typeof loadConfig>) => c.server.port, 8228],
    [
      {
        ANCHORE_DB_HOST: 'db',
        ANCHORE_DB_USER: 'u',
        ANCHORE_DB_PASSWORD: 'p@/',
        ANCHORE_DB_NAME: 'n',
        ANCHORE_DB_SSL: 'True',
      },
      (c: ReturnType<typeof loadConfig>) => c.database.url,
      'postgres://u:p%40%2F@db:5432/n?sslmode=verify-full',
    ],
  ])('reads %j', (env, get, expected) => {
    expect(get(loadConfig({ env }))).toEqual(expected);
  });

  it.each([
    ['unknown variable', { env: { WINDLASS_PROT: '1' } }, 'WINDLASS_PROT; did you mean WINDLASS_PORT?'],
    ['wrong number', { env: { WINDLASS_PORT: 'many' } }, 'WINDLASS_PORT (server.port)'],
    ['wrong network', { env: { WINDLASS_OUTBOUND_DENY: '10.0.0.0/40' } }, 'expected an address or a network'],
    ['wrong role', { env: { WINDLASS_ROLES: 'cook' } }, 'server.roles.0'],
    ['wrong database address', { env: { DATABASE_URL: 'mysql://x' } }, 'postgres://'],
    ['named file is absent', { env: { WINDLASS_CONFIG: '/nowhere/windlass.yaml' } }, 'does not exist'],
    ['unknown argument', { env: {}, argv: ['--colour=red'] }, 'unknown argument --colour=red'],
    ['prototype member as area', { env: {}, argv: ['--constructor.name=red'] }, 'unknown argument'],
  ])('refuses: %s', (_name, sources, message) => {
    expect(() => loadConfig(sources)).toThrow(message);
  });

  it.each([
    ['server:\n  prot: 1\n', 'unknown setting "server.prot"; did you mean "port"?'],
    ['sever:\n  port: 1\n', 'unknown section "sever"; did you mean "server"?'],
    ['- a\n', 'expected sections'],
    ['server: [1\n', 'configuration file'],
    ['server: 1\n', 'must hold settings'],
  ])('refuses the file %j', (text, message) => {
    expect(() => loadConfig({ env: {}, file: file(text) })).toThrow(message);
  });

  it('takes settings of the runtime inventory from where other products keep them', () => {
    const path = file(
      'services:\n  catalog:\n    runtime_inventory:\n      image_ttl_days: 30\n      image_ingest_overwrite: true\n      inventory_ttl_days: 0\n',
    );
    expect(loadConfig({ env: {}, file: path }).retention).toMatchObject({
      image_ttl_days: 30,
      image_ingest_overwrite: true,
      inventory_ttl_days: 0,
    });
    const wrong = file('services:\n  catalog:\n    runtime_inventory:\n      image_ttl: 30\n    other: {}\n');
    expect(() => loadConfig({ env: {}, file: wrong })).toThrow(
      /runtime_inventory.image_ttl"[\s\S]*services.catalog.other/,
    );
  });

  it('lists all problems at once', () => {
    const path = file('server:\n  port: x\n  prot: 1\n');
    expect(() => loadConfig({ env: { WINDLASS_NOPE_NOPE: '1', WINDLASS_LOG_LEVEL: 'loud' }, file: path })).toThrow(
      /prot[\s\S]*WINDLASS_NOPE_NOPE[\s\S]*server.port[\s\S]*logging.level/,
    );
  });

  it('names every variable once', () => {
    const names = listSettings().flatMap((entry) => [entry.env, ...(entry.aliases ?? [])]);
    expect(names.length).toBe(new Set(names).size);
  });
});
