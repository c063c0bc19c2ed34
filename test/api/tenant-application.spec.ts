import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application } from './application.ts';
import type { Client } from './client.ts';
import { findLeaks } from './tenant-leaks.ts';
import type { TenantValue } from './tenant-rows.ts';
import { startTwoTenants } from './two-tenants.ts';

let app: Application;
let tenant: Client;
let own: TenantValue[];
let foreign: TenantValue[];

beforeAll(async () => {
  ({ app, tenant, own, foreign } = await startTwoTenants());
});
afterAll(() => app?.close());

describe('two accounts with rows in every table', () => {
  it('never see anything of each other through any reading operation of the product', async () => {
    const operations = app.features.routes.map((bound) => bound.operation);
    expect(operations.length).toBeGreaterThan(120);
    const { leaks, failures, calls } = await findLeaks(tenant, operations, { own, foreign });
    expect(calls).toBeGreaterThan(operations.filter((operation) => operation.method === 'GET').length);
    expect(leaks).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('cannot change or delete what is not theirs', async () => {
    const value = (column: string) => foreign.find((candidate) => candidate.column === column)?.value ?? 'none';
    const digest = foreign.find((candidate) => candidate.table === 'image' && candidate.column === 'digest')!.value;
    const attempts: [string, string, unknown?][] = [
      ['DELETE', `/images/${digest}?force=true`],
      ['DELETE', `/policies/${value('policy_id')}`],
      ['DELETE', `/registries/${value('registry')}`],
      ['DELETE', `/subscriptions/${value('subscription_id')}`],
      ['PUT', `/subscriptions/${value('subscription_id')}`, { active: true }],
      ['DELETE', `/events/${value('event_id')}`],
    ];
    for (const [method, path, body] of attempts) {
      expect([
        method,
        path,
        (await tenant.request(method, path, body === undefined ? {} : { body })).statusCode,
      ]).toEqual([method, path, 404]);
    }
    for (const table of ['image', 'policy', 'registry', 'subscription', 'event'] as const) {
      const { n } = await app.platform.database.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<string>().as('n'))
        .where('account', '=', 'tenant-two')
        .executeTakeFirstOrThrow();
      expect([table, Number(n) > 0]).toEqual([table, true]);
    }
  });
});
