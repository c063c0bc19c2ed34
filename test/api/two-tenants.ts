import { randomUUID } from 'node:crypto';
import { DEFAULT_POLICY } from '#engine/policy/index.ts';
import { json } from '#platform/database/json.ts';
import { type Application, startApplication } from './application.ts';
import { type Client, clientFor } from './client.ts';
import { ADMIN_PASSWORD } from './identity-app.ts';
import { fillTenant, type TenantValue } from './tenant-rows.ts';

/** Adds an account with a user, `<name>-user`, in full control of it, or in the role given. Returns a client of the user. */
export async function addTenant(
  { server }: Pick<Application, 'server'>,
  name: string,
  role = 'full-control',
): Promise<Client> {
  const admin = clientFor(server, { basic: ['admin', ADMIN_PASSWORD] });
  const username = `${name}-user`;
  await admin.post('/accounts', { name, email: `${name}@example.org` });
  await admin.post(`/accounts/${name}/users`, { username, password: 'pass-word' });
  await admin.post(`/rbac-manager/roles/${role}/members`, { username, domain_name: name });
  return clientFor(server, { basic: [username, 'pass-word'] });
}

/** The product with two accounts that have a row in every table, each with a user in full control of it. */
export interface TwoTenants {
  app: Application;
  admin: Client;
  /** The user of `tenant-one`. */
  tenant: Client;
  /** What belongs to `tenant-one`. */
  own: TenantValue[];
  /** What belongs to `tenant-two`. */
  foreign: TenantValue[];
}

/** Starts it. */
export async function startTwoTenants(env: Record<string, string> = {}): Promise<TwoTenants> {
  const app = await startApplication(env);
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  const { db } = app.platform.database;
  const tenant = await addTenant(app, 'tenant-one');
  const own = await fillTenant(db, 'tenant-one', meaningfulValues('tenant-one'));
  await addTenant(app, 'tenant-two');
  const foreign = await fillTenant(db, 'tenant-two', meaningfulValues('tenant-two'));
  return { app, admin, tenant, own, foreign };
}

/** Values of columns, as `table.column`, which handlers read as more than text. */
export function meaningfulValues(name: string): Record<string, unknown> {
  return {
    'policy.document': json({ ...DEFAULT_POLICY, id: `${name}-policy-policy_id` }),
    'evaluation.result': json({}),
    'image.status_history': json([]),
    'private_advisory.document': json({
      id: `${name}-private_advisory-id`,
      affected: [{ package: { ecosystem: 'npm', name: `${name}-package` }, versions: ['1'] }],
    }),
    'correction.match': json({ type: `${name}-type` }),
    'correction.replace': json([{ field_name: 'version', field_value: `${name}-version` }]),
    'integration.health_report_interval': 60,
    'notification_configuration.endpoint': 'webhook',
    'notification_configuration.settings': json({ url: `https://${name}.example.org` }),
    'scheduled_query.uuid': hexadecimal(),
    'scheduled_query_execution.uuid': hexadecimal(),
    'scheduled_query.cron_schedule': '0 4 * * *',
    'scheduled_query.time_zone': 'UTC',
    'scheduled_query.variables': json({}),
    'notification_selector.level': '*',
    'notification_selector.scope': 'account',
  };
}

function hexadecimal(): string {
  return randomUUID().replaceAll('-', '');
}
