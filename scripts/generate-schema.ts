/**
 * Writes src/platform/database/schema.generated.ts from the tables that the migrations make.
 * Run it after adding a migration: node scripts/generate-schema.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSchema, schemaPath } from '../src/platform/database/schema-source.ts';
import { testDatabase } from '../src/platform/database/testing.ts';

const database = await testDatabase();
try {
  writeFileSync(schemaPath, await renderSchema(database.db));
  console.log(join(schemaPath));
} finally {
  await database.close();
}
