/** Writes docs/operations/configuration.md from the settings' schemas: node scripts/generate-configuration-page.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderConfigurationPage } from '../src/platform/config/page.ts';

const path = join(import.meta.dirname, '../docs/operations/configuration.md');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, renderConfigurationPage());
console.log(path);
