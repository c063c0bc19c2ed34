import { join } from 'node:path';
import { startTwoTenants, type TwoTenants } from '../api/two-tenants.ts';
import { publishDatabase } from '../builders/vulnerability-database.ts';

/** The product with two accounts and a little vulnerability data. */
export async function startLoadedTenants(): Promise<TwoTenants> {
  const two = await startTwoTenants();
  publishDatabase(join(two.app.platform.dataDirectory, 'feed'), {
    built: '2026-01-01T00:00:00Z',
    advisories: [
      {
        id: 'CVE-2023-0001',
        provider: 'github',
        ecosystem: 'python',
        package: 'requests',
        versions: 'python',
        constraint: '<2.31.0',
        severity: 'high',
      },
    ],
  });
  const synced = await two.admin.post('/system/feeds');
  if (synced.statusCode !== 200) throw new Error(synced.body);
  return two;
}
