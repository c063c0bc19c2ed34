import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../image/index.ts';
import { analyzeImage } from './analyze-image.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

interface Truth {
  file: string;
  format: string;
  manifestDigest: string;
  layers?: { digest: string; diffId: string; rawSize?: number; entries?: number }[];
  counts?: { files: number; dirs: number; links: number };
  escapes?: string[];
  expect: { result: 'ok' | 'partial' };
}

const folder = fileURLToPath(new URL('../../../../shared/data/images', import.meta.url));
const present = existsSync(folder);
const names = present
  ? readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/truth.json`))
  : ['(sample images are absent)'];

describe.skipIf(!present)('sample images', () => {
  it.each(names)('%s has the structure that its truth tells', async (name) => {
    const truth = JSON.parse(readFileSync(`${folder}/${name}/truth.json`, 'utf8')) as Truth;
    const image = await openArchive(`${folder}/${name}/${truth.file}`);
    // Structure only: packages are the business of the analyzers' own tests.
    const analysis = await analyzeImage(image, { settings: DEFAULT_SETTINGS, analyzers: [] });
    await image.close();
    const made = truth.format === 'docker-archive';
    const { manifestDigest, parentDigest } = analysis.image!;
    if (!made) expect([manifestDigest, parentDigest]).toContain(truth.manifestDigest);
    for (const [i, layer] of (truth.layers ?? []).entries()) {
      const seen = analysis.layers[i]!;
      if (!made) expect(seen.digest).toBe(layer.digest);
      if (seen.complete || name === 'broken-path-traversal') expect(seen.diffId).toBe(layer.diffId);
      if (seen.complete && layer.rawSize !== undefined) expect(seen.rawSize).toBe(layer.rawSize);
      if (seen.complete && layer.entries !== undefined) expect(seen.entries).toBe(layer.entries);
    }
    const count = (...types: string[]): number => analysis.files!.filter(({ type }) => types.includes(type)).length;
    if (truth.counts) {
      expect({ files: count('file', 'hardlink'), dirs: count('directory'), links: count('symlink') }).toEqual(
        truth.counts,
      );
    }
    const partial = analysis.problems.some(({ severity }) => severity === 'partial');
    // A damaged package database is for its analyzer to find.
    if (name !== 'broken-rpmdb') expect(partial).toBe(truth.expect.result === 'partial');
    const rejected = analysis.problems
      .filter(({ code }) => code === 'path-escape')
      .map(({ path }) => path!.replace(/^\//, ''));
    expect(rejected.sort()).toEqual([...(truth.escapes ?? [])].sort());
  });
});
