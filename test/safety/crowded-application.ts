import { generateFleet } from '../../bench/fleet/fleet.ts';
import { type Application, startApplication } from '../api/application.ts';
import { type Client, clientFor } from '../api/client.ts';
import { ADMIN_PASSWORD } from '../api/identity-app.ts';
import { fillAccounts, multiplyRows } from './crowd.ts';

/** The product with a generated database, and a user in full control of one of the accounts. */
export interface CrowdedApplication {
  app: Application;
  /** Milliseconds until all routes stood, without the database. */
  startMs: number;
  reader: Client;
  admin: Client;
  /** A user of another account. */
  neighbour: Client;
  /** The account of the reader. */
  account: string;
  /** Tables that could not be multiplied, with the reason. */
  refused: Map<string, string>;
}

/** Generates `images` of `packages` each over `accounts`, and `rows` for each account in every other table of accounts. */
export async function startCrowded(size: {
  images: number;
  packages: number;
  accounts: number;
  rows: number;
}): Promise<CrowdedApplication> {
  const from = performance.now();
  const app = await startApplication();
  const startMs = performance.now() - from;
  const { db } = app.platform.database;
  const names = Math.max(size.images, 1_000);
  await generateFleet(app.platform.database, {
    images: size.images,
    packagesPerImage: size.packages,
    distinctPackages: names * 2,
    names,
    accounts: size.accounts,
    watched: 0.1,
  });
  await fillAccounts(
    db,
    Array.from({ length: size.accounts }, (_, at) => `bench-${at + 1}`),
  );
  const refused = await multiplyRows(db, size.rows);
  const account = 'bench-7';
  const admin = clientFor(app.server, { basic: ['admin', ADMIN_PASSWORD] });
  const userOf = async (username: string, domain_name: string): Promise<Client> => {
    await admin.post(`/accounts/${domain_name}/users`, { username, password: 'pass-word' });
    await admin.post('/rbac-manager/roles/full-control/members', { username, domain_name });
    return clientFor(app.server, { basic: [username, 'pass-word'] });
  };
  const [reader, neighbour] = [await userOf('reader', account), await userOf('neighbour', 'bench-6')];
  return { app, startMs, admin, reader, neighbour, account, refused };
}
