import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '#platform/database/testing.ts';
import { type CrowdedApplication, startCrowded } from './crowded-application.ts';
import { readDocument } from './document.ts';
import { listCalls } from './list-calls.ts';
import { bigTables, recordStatements, tablesReadWhole } from './statements.ts';

/** Reads that look at every row on purpose. */
const ALLOWED: Readonly<Record<string, string>> = {
  get_system_statistics: 'counts what all accounts have, rarely asked for',
};
const BIG = 10_000;

let crowded: CrowdedApplication;

describe.skipIf(!testServer)(
  `lists of a small account among many${testServer ? '' : ' (TEST_DATABASE_URL names no server)'}`,
  () => {
    beforeAll(async () => {
      crowded = await startCrowded({ images: 600, packages: 40, accounts: 60, rows: 200 });
    }, 400_000);
    afterAll(() => crowded?.app.close());

    it('read no big table from end to end', async () => {
      const { app, reader, account } = crowded;
      const { db } = app.platform.database;
      const big = await bigTables(db, BIG);
      expect(big.size).toBeGreaterThan(30);
      const calls = await listCalls(await readDocument(app.server), reader, db, account);
      expect(calls.length).toBeGreaterThan(80);
      const wrong: string[] = [];
      for (const { operation, path } of calls) {
        const recording = recordStatements();
        await reader.get(path);
        recording.stop();
        for (const statement of recording.statements)
          for (const table of await tablesReadWhole(db, statement))
            if (big.has(table) && !ALLOWED[operation.id])
              wrong.push(`${operation.id} reads all of ${table}: ${statement.text}`);
      }
      expect([...new Set(wrong)]).toEqual([]);
    }, 200_000);
  },
);
