import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditChain } from '#features/audit/index.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';

let app: Application;
let admin: Client;

async function seal(): Promise<void> {
  await app.platform.jobs.send(app.platform.database.db, 'audit-seal', {});
  await app.idle();
}

const entries = async (query = '') => (await admin.get(`/windlass/audit${query}`)).json();
const verification = async () => (await admin.get('/windlass/audit/verification')).json();

beforeAll(async () => {
  app = await startApplication();
  admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  await admin.post('/accounts', { name: 'dev', email: 'dev@example.org' });
  await admin.post('/accounts/dev/users', { username: 'dev-user', password: 'a-secret-word' });
  await admin.get('/accounts');
  await admin.post('/accounts', { name: 'dev', email: 'dev@example.org' });
  await admin.delete('/registries/none.example.org');
});
afterAll(() => app?.close());

describe('the audit log', () => {
  it('holds every change and every attempt at one, newest first, without bodies', async () => {
    const { items } = await entries();
    expect(
      items.map((item: { operation: string; outcome: string; status: number }) => [
        item.operation,
        item.outcome,
        item.status,
      ]),
    ).toEqual([
      ['delete_registry', 'failure', 404],
      ['create_account', 'failure', 409],
      ['create_user', 'success', 200],
      ['create_account', 'success', 200],
    ]);
    expect(items[2]).toMatchObject({ username: 'admin', params: { account_name: 'dev' }, credential: 'password' });
    expect(JSON.stringify(items)).not.toContain('a-secret-word');
  });

  it('is filtered and paged', async () => {
    expect((await entries('?operation=create_account&outcome=success')).items).toHaveLength(1);
    const first = await entries('?limit=3');
    expect(first.items).toHaveLength(3);
    const second = await entries(`?limit=3&before_id=${first.next_before_id}`);
    expect(second.items).toHaveLength(1);
    expect(second.next_before_id).toBeNull();
    expect((await entries('?before=2020-01-01T00:00:00Z')).items).toEqual([]);
  });

  it('is for administrators', async () => {
    const other = clientFor(app.server, { basic: ['dev-user', 'a-secret-word'] });
    expect((await other.get('/windlass/audit')).statusCode).toBe(403);
  });

  it('shows when an entry was changed or removed', async () => {
    expect(await verification()).toMatchObject({ intact: true, entries: 0, unsealed: 4 });
    await seal();
    await admin.delete('/registries/other.example.org');
    await seal();
    const whole = await verification();
    expect(whole).toMatchObject({ intact: true, entries: 5, unsealed: 0, broken_at: null });
    const { db } = app.platform.database;
    const chain = createAuditChain({ database: app.platform.database, secrets: app.platform.secrets });
    const [third] = await db.selectFrom('audit_entry').selectAll().where('seal_number', '=', 3).execute();
    await db.updateTable('audit_entry').set({ username: 'nobody' }).where('id', '=', third!.id).execute();
    expect((await chain.verify()).broken_at).toEqual({ id: third!.id, reason: 'it was changed after it was sealed' });
    await db.updateTable('audit_entry').set({ username: 'admin' }).where('id', '=', third!.id).execute();
    expect((await chain.verify()).intact).toBe(true);
    await db.deleteFrom('audit_entry').where('id', '=', third!.id).execute();
    expect((await chain.verify()).broken_at?.reason).toBe('entries before it are missing');
  });
});
