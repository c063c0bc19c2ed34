import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeImage, DEFAULT_SETTINGS } from '../analysis/index.ts';
import { openArchive } from '../image/index.ts';
import type { Package } from '../model/package.ts';

const IMAGES = fileURLToPath(new URL('../../../../shared/data/images/', import.meta.url));

interface Truth {
  file: string;
  packages: { type: string; name: string; version: string; locations?: string[] }[];
  otherMetadata?: string[];
}

const TYPES: Record<string, string> = {
  npm: 'npm',
  python: 'pypi',
  gem: 'gem',
  'java-archive': 'maven',
  'go-module': 'golang',
};
const WANTED = new Set(Object.values(TYPES));

/** `type name version path`; a Maven package as `group:artifact` where a pom names it. */
function row(pkg: Package): string {
  const type = TYPES[pkg.type];
  const { groupId, pomProperties } = pkg.metadata;
  const name = type === 'maven' && pomProperties !== undefined ? `${groupId}:${pkg.name}` : pkg.name;
  return `${type} ${name} ${pkg.version} ${pkg.locations[0]?.path}`;
}

describe.skipIf(!existsSync(IMAGES))('language packages of images with known contents', () => {
  it.each([
    'deb12-app',
    'nested-jar',
    'distroless-zstd',
    'broken-path-traversal',
    'broken-opaque-over-symlink',
    'broken-duplicate-entries',
  ])(
    '%s',
    async (name) => {
      const truth = JSON.parse(readFileSync(`${IMAGES}${name}/truth.json`, 'utf8')) as Truth;
      const image = await openArchive(`${IMAGES}${name}/${truth.file}`);
      try {
        const { packages } = await analyzeImage(image, { settings: DEFAULT_SETTINGS, packagesOnly: true });
        const others = truth.otherMetadata ?? [];
        const found = packages
          .filter((pkg) => TYPES[pkg.type] !== undefined && !others.includes(pkg.locations[0]?.path ?? ''))
          .map(row);
        const expected = truth.packages
          .filter(({ type }) => WANTED.has(type))
          .map((pkg) => `${pkg.type} ${pkg.name} ${pkg.version} ${pkg.locations?.[0]}`);
        expect([...new Set(found)].sort()).toEqual([...new Set(expected)].sort());
      } finally {
        await image.close();
      }
    },
    60_000,
  );
});
