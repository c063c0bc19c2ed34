import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderConfigurationPage } from './page.ts';

it('is what docs/operations/configuration.md shows (else run: node scripts/generate-configuration-page.ts)', () => {
  const path = join(import.meta.dirname, '../../../docs/operations/configuration.md');
  expect(readFileSync(path, 'utf8')).toBe(renderConfigurationPage());
});
