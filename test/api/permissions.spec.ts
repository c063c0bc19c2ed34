import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '#contract/operation.ts';
import { operationList } from '#contract/operations.ts';
import { sessionOperations } from '#contract/session.ts';
import { isAction } from '#platform/auth/actions.ts';
import { grantable, ROLES, type Role, SYSTEM_DOMAIN } from '#platform/auth/roles.ts';
import { createHttpServer } from '#platform/http/index.ts';
import { AppError } from '#shared/errors.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';

/** Every operation of the server, each once. */
const OPERATIONS: Operation[] = [
  ...new Map(
    [...operationList, ...Object.values(sessionOperations)].map((operation) => [operation.id, operation]),
  ).values(),
];

/** Operations open to anybody: a new one belongs here only after a second look. */
const ANONYMOUS = [
  'begin_oidc_sign_in',
  'begin_saml_sign_in',
  'consume_saml_response',
  'continue_sign_out',
  'create_session',
  'delete_session',
  'finish_oidc_sign_in',
  'finish_saml_sign_in',
  'get_oauth_token',
  'get_saml_sp_metadata',
  'health_check',
  'list_sign_in_options',
  'ping',
  'receive_registry_events',
  'revoke_oauth_token',
  'saml_login',
  'saml_sso',
  'sign_out',
  'take_oidc_logout',
  'take_saml_logout',
  'take_saml_logout_form',
  'version_check',
];

/** Operations that change something and need no role: those on the caller's own credentials. */
const OWN_CHANGES = ['add_credential', 'create_api_key', 'delete_api_key', 'patch_api_key'];

const HOME = 'home-account';
const OTHER = 'other-account';
let app: IdentityApp;
let server: ReturnType<typeof createHttpServer>;

/** Users by name; a user `<role>-account` holds the role at home, `<role>-system` in the system domain. */
const callers = new Map<string, Client>();

beforeAll(async () => {
  app = await startIdentityApp();
  server = createHttpServer({
    log: { info() {}, warn() {}, error() {}, debug() {}, child: () => ({}) as never },
    config: { accessLog: false },
    authenticate: app.accounts.authenticator.authenticate,
    authorize: app.accounts.authorizer.authorize,
    operations: OPERATIONS.map((operation) => ({
      operation,
      handle() {
        throw new AppError(418, 'reached');
      },
    })),
  });
  await server.ready();
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  for (const name of [HOME, OTHER]) await admin.post('/accounts', { name });
  async function make(username: string, role?: string, domain?: string): Promise<void> {
    await admin.post(`/accounts/${HOME}/users`, { username, password: 'pass-word' });
    if (role) await admin.post(`/rbac-manager/roles/${role}/members`, { username, domain_name: domain });
    callers.set(username, clientFor(server, { basic: [username, 'pass-word'] }));
  }
  await make('roleless');
  await make('guest', 'full-control', OTHER);
  for (const role of ROLES) {
    if (grantable(role, HOME)) await make(`${role.name}-account`, role.name, HOME);
    if (grantable(role, SYSTEM_DOMAIN)) await make(`${role.name}-system`, role.name, SYSTEM_DOMAIN);
  }
  callers.set('admin', clientFor(server, { basic: ['admin', ADMIN_PASSWORD] }));
}, 300_000);
afterAll(async () => {
  await server?.close();
  await app?.close();
});

/** Calls an operation with made-up parameters; account parameters name the home account. */
async function call(caller: Client, operation: Operation): Promise<{ status: number; message: string }> {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'account_name' ? HOME : 'x'));
  const response = await caller.request(operation.method, path);
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    status: response.statusCode,
    message: isJson ? response.json<{ message: string }>().message : response.body,
  };
}

/** Whether a caller with a role in a domain may call an operation, by the rules of the contract. */
function mayCall(operation: Operation, role: Role | undefined, domain: string): boolean {
  const { permission } = operation;
  if (permission === 'admin') return false;
  if (typeof permission === 'string' || permission.domain === 'request') return true;
  const wanted = permission.domain === 'system' ? SYSTEM_DOMAIN : HOME;
  return domain === wanted && ((role?.actions as ReadonlySet<string> | undefined)?.has(permission.action) ?? false);
}

/** Operations whose answer to the caller is not the expected one. */
async function surprises(username: string, expected: (operation: Operation) => boolean): Promise<string[]> {
  const caller = callers.get(username);
  if (!caller) throw new Error(`no caller ${username}`);
  const found: string[] = [];
  for (const operation of OPERATIONS) {
    const { status, message } = await call(caller, operation);
    const allowed = status !== 401 && status !== 403;
    if (allowed !== expected(operation)) found.push(`${operation.id}: ${status}`);
    else if (!allowed && !/^Not authorized\. Requires permissions: domain=/.test(message))
      found.push(`${operation.id}: ${message}`);
  }
  return found;
}

const CASES = ROLES.flatMap((role) =>
  [HOME, SYSTEM_DOMAIN].filter((domain) => grantable(role, domain)).map((domain) => ({ role, domain })),
);

describe('operations', () => {
  it('name actions that exist', () => {
    const unknown = OPERATIONS.filter(
      ({ permission }) => typeof permission === 'object' && !isAction(permission.action),
    );
    expect(unknown.map((operation) => operation.id)).toEqual([]);
  });

  it('are open to anybody only where that is meant', () => {
    const open = OPERATIONS.filter((operation) => operation.permission === 'anonymous').map(
      (operation) => operation.id,
    );
    expect(open.filter((id) => !ANONYMOUS.includes(id))).toEqual([]);
  });

  it('that need no role change nothing but the own credentials', () => {
    const changes = OPERATIONS.filter(
      (operation) =>
        operation.permission === 'authenticated' && operation.method !== 'GET' && !OWN_CHANGES.includes(operation.id),
    );
    expect(changes.map((operation) => operation.id)).toEqual([]);
  });
});

describe('every operation', () => {
  it('answers 401 without credentials, unless open to anybody', async () => {
    const anonymous = clientFor(server, undefined);
    const wrong: string[] = [];
    for (const operation of OPERATIONS) {
      const { status } = await call(anonymous, operation);
      if ((status === 401) === (operation.permission === 'anonymous')) wrong.push(`${operation.id}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('lets administrators in', async () => {
    expect(await surprises('admin', () => true)).toEqual([]);
  });

  it.each(['roleless', 'guest'])('keeps out %s, who holds no role here', async (username) => {
    expect(await surprises(username, (operation) => mayCall(operation, undefined, HOME))).toEqual([]);
  });

  it.each(CASES)('lets in $role.name in $domain where it should, and nowhere else', async ({ role, domain }) => {
    const username = `${role.name}-${domain === HOME ? 'account' : 'system'}`;
    expect(await surprises(username, (operation) => mayCall(operation, role, domain))).toEqual([]);
  });
});
