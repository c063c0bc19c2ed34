import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeIndex } from '#engine/vulnerabilities/build/write-index.ts';
import { openIndex } from '#engine/vulnerabilities/index.ts';
import { type SampleRecord, writeSampleDatabase } from '#engine/vulnerabilities/sample-database.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';

/** A build of generated advisories. */
export interface GeneratedBuild {
  checksum: string;
  open(): VulnerabilityIndex;
}

/** Name of the package of a number; the rest of the division by ten tells its kind. */
export function packageName(number: number): { ecosystem: 'deb' | 'npm'; name: string } {
  return { ecosystem: number % 10 < 7 ? 'deb' : 'npm', name: `package-${number}` };
}

/**
 * Advisories of `names` packages, three of each, all of which hold for every version of the fleet; the names that
 * `touched` selects have another one.
 */
export async function generateBuild(
  folder: string,
  label: string,
  names: number,
  touched: (name: number) => boolean,
): Promise<GeneratedBuild> {
  const directory = join(folder, `index-${label}`);
  mkdirSync(directory, { recursive: true });
  const database = join(directory, 'vulnerability.db');
  writeSampleDatabase(database, {
    systems: { debian: ['debian', 'debian', '12', '', '', 'bookworm'] },
    records: [...records(names, touched)],
  });
  const checksum = `sha256:${label}`;
  await writeIndex({ database, directory, checksum, further: [], onProgress: () => undefined, check: () => undefined });
  return { checksum, open: () => openIndex(directory) };
}

function* records(names: number, touched: (name: number) => boolean): Generator<SampleRecord> {
  for (let number = 0; number < names; number++) {
    const { ecosystem, name } = packageName(number);
    const of = (id: string): SampleRecord => ({
      id,
      provider: ecosystem === 'deb' ? 'debian' : 'github',
      package: [ecosystem, name],
      ...(ecosystem === 'deb' ? { system: 'debian' } : {}),
      ranges: [[ecosystem === 'deb' ? 'dpkg' : 'semver', '< 9.0.0', '9.0.0']],
      severities: [{ scheme: 'CHML', value: ['low', 'medium', 'high', 'critical'][number % 4], rank: 1 }],
    });
    for (let flaw = 0; flaw < 3; flaw++) yield of(`CVE-2025-${number * 3 + flaw + 10_000}`);
    if (touched(number)) yield of(`CVE-2026-${number + 10_000}`);
  }
}
