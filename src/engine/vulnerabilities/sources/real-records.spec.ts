import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSource } from './read-source.ts';

/** Real advisories of public databases, where a developer has them beside the repository. */
const RECORDS = join(import.meta.dirname, '../../../../../shared/data/vuln');

async function* raw(name: string): AsyncGenerator<unknown> {
  const lines = createInterface({ input: createReadStream(join(RECORDS, `${name}.jsonl.gz`)).pipe(createGunzip()) });
  for await (const line of lines) yield (JSON.parse(line) as { raw: unknown }).raw;
}

describe.skipIf(!existsSync(RECORDS))('real records', () => {
  it.each<[string, number, number]>([
    ['golang', 3178, 0],
    ['bitnami', 5598, 0],
    ['almalinux', 3301, 0],
    ['grype-fixtures', 140, 0],
    ['vunnel-alpine', 16, 0],
    ['vunnel-debian', 43, 0],
    ['vunnel-github', 2, 0],
    ['vunnel-rhel', 56, 0],
  ])('%s: %i items', async (name, atLeast, lost) => {
    const root = mkdtempSync(join(tmpdir(), 'windlass-records-'));
    try {
      const lines: string[] = [];
      for await (const record of raw(name)) lines.push(JSON.stringify(record));
      writeFileSync(join(root, 'records.jsonl'), lines.join('\n'));
      let items = 0;
      let packages = 0;
      const anomalies: string[] = [];
      for await (const item of readSource(join(root, 'records.jsonl'), { name, scratch: root })) {
        if (item.kind === 'anomaly') anomalies.push(item.text);
        else items++;
        if (item.kind === 'advisory') packages += item.advisory.packages.length;
      }
      expect(items).toBeGreaterThanOrEqual(atLeast);
      expect(packages).toBeGreaterThan(0);
      expect(anomalies).toHaveLength(lost);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
