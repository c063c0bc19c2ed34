import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD, type IdentityApp, startIdentityApp } from './identity-app.ts';
import { findLeaks } from './tenant-leaks.ts';
import { fillTenant, type TenantValue } from './tenant-rows.ts';

let app: IdentityApp;
let admin: Client;
let tenant: Client;
let own: TenantValue[];
let foreign: TenantValue[];

beforeAll(async () => {
  app = await startIdentityApp();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  for (const name of ['tenant-one', 'tenant-two']) {
    await admin.post('/accounts', { name, email: `${name}@example.org` });
    const username = `${name}-user`;
    await admin.post(`/accounts/${name}/users`, { username, password: 'pass-word' });
    await admin.post('/rbac-manager/roles/full-control/members', { username, domain_name: name });
    const expires_at = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
    await admin.post(`/accounts/${name}/users/${username}/api-keys`, { name: `${name}-key`, expires_at });
  }
  tenant = clientFor(app.server, { basic: ['tenant-one-user', 'pass-word'] });
  const valuesOf = async (name: string): Promise<TenantValue[]> => [
    ...(await fillTenant(app.database.db, name)),
    { table: 'app_user', column: 'username', value: `${name}-user` },
    { table: 'api_key', column: 'key_name', value: `${name}-key` },
    { table: 'account', column: 'account_name', value: name },
  ];
  own = await valuesOf('tenant-one');
  foreign = await valuesOf('tenant-two');
});
afterAll(() => app?.close());

describe('two accounts with rows in every table', () => {
  it('really have rows of both in every table with a column "account"', async () => {
    const { rows } = await sql<{ table_name: string }>`
      select table_name from information_schema.columns
      where table_schema = current_schema() and column_name = 'account'`.execute(app.database.db);
    expect(rows.length).toBeGreaterThan(5);
    for (const { table_name } of rows) {
      const { rows: counted } = await sql<{ n: number }>`
        select count(distinct account)::int as n from ${sql.table(table_name)}
        where account in ('tenant-one', 'tenant-two')`.execute(app.database.db);
      expect([table_name, counted[0]?.n]).toEqual([table_name, 2]);
    }
  });

  it('never see anything of each other through any reading operation', async () => {
    const operations = [...app.accounts.routes, ...app.system.routes].map((bound) => bound.operation);
    const { leaks, failures, calls } = await findLeaks(tenant, operations, { own, foreign });
    expect(calls).toBeGreaterThan(operations.filter((operation) => operation.method === 'GET').length);
    expect(leaks).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('cannot change each other', async () => {
    const other = '/accounts/tenant-two';
    const attempts: [string, string, unknown?][] = [
      ['POST', `${other}/users`, { username: 'intruder', password: 'pass-word' }],
      ['DELETE', `${other}/users/tenant-two-user`],
      ['POST', `${other}/users/tenant-two-user/credentials`, { type: 'password', value: 'taken-over' }],
      ['DELETE', `${other}/users/tenant-two-user/credentials?credential_type=password`],
      ['POST', `${other}/users/tenant-two-user/api-keys`, { name: 'k', expires_at: '2030-01-01T00:00:00Z' }],
      ['PATCH', `${other}/users/tenant-two-user/api-keys/tenant-two-key`, { status: 'revoked' }],
      ['DELETE', `${other}/users/tenant-two-user/api-keys/tenant-two-key`],
      ['PUT', other, { email: 'x@example.org' }],
      ['PUT', `${other}/state`, { state: 'disabled' }],
      ['DELETE', other],
    ];
    for (const [method, path, body] of attempts) {
      expect([method, path, (await tenant.request(method, path, { body })).statusCode]).toEqual([method, path, 403]);
    }
    // The own account in the path does not open the other's users.
    expect((await tenant.delete('/accounts/tenant-one/users/tenant-two-user')).statusCode).toBe(404);
    expect((await tenant.get('/accounts/tenant-one/users/tenant-two-user/api-keys')).statusCode).toBe(404);
  });

  it('leave nothing behind when deleted', async () => {
    await admin.put('/accounts/tenant-two/state', { state: 'disabled' });
    await admin.delete('/accounts/tenant-two');
    await app.runJobs();
    const { rows } = await sql<{ table_name: string; column_name: string }>`
      select c.table_name, c.column_name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.data_type = 'text'`.execute(
      app.database.db,
    );
    const left: string[] = [];
    for (const { table_name, column_name } of rows) {
      // The installation's own log of accounts remembers their names.
      const own = table_name === 'event' ? sql`and not (account = 'admin' and type like 'system.account.%')` : sql``;
      const { rows: found } = await sql<{ n: number }>`
        select count(*)::int as n from ${sql.table(table_name)}
        where ${sql.ref(column_name)} in ('tenant-two', 'tenant-two-user', 'tenant-two-key') ${own}`.execute(
        app.database.db,
      );
      if (found[0]?.n) left.push(`${table_name}.${column_name}`);
    }
    expect(left).toEqual([]);
  });
});
