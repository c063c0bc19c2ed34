import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { analyzeDirectory } from './analyze-directory.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

let outer: string;
let top: string;

beforeEach(() => {
  outer = realpathSync(mkdtempSync(join(tmpdir(), 'windlass-directory-')));
  top = join(outer, 'top');
  mkdirSync(join(top, 'app/node_modules/a'), { recursive: true });
  mkdirSync(join(outer, 'outside/node_modules/secret'), { recursive: true });
  writeFileSync(join(top, 'app/node_modules/a/package.json'), '{"name":"a","version":"1.0.0"}');
  writeFileSync(join(outer, 'outside/node_modules/secret/package.json'), '{"name":"secret","version":"1.0.0"}');
});
afterEach(() => rmSync(outer, { recursive: true, force: true }));

const analyze = (options = {}) => analyzeDirectory(top, { settings: DEFAULT_SETTINGS, ...options });

it('is read like the root of an image', async () => {
  linkSync(join(top, 'app/node_modules/a/package.json'), join(top, 'app/other'));
  const { packages, files, source, problems } = await analyze();
  expect(packages.map(({ name, locations }) => [name, locations[0]?.path])).toEqual([
    ['a', '/app/node_modules/a/package.json'],
  ]);
  expect(source).toEqual({ kind: 'directory', name: top });
  expect(files?.map(({ path }) => path)).toEqual([
    '/app',
    '/app/node_modules',
    '/app/node_modules/a',
    '/app/node_modules/a/package.json',
    '/app/other',
  ]);
  const digests = new Set(files?.flatMap(({ sha256 }) => sha256 ?? []));
  expect(digests.size).toBe(1);
  expect(problems).toEqual([]);
});

it('never follows a link to the outside, to a file or a directory', async () => {
  symlinkSync('../../outside', join(top, 'app/relative'));
  symlinkSync(join(outer, 'outside/node_modules'), join(top, 'app/absolute'));
  mkdirSync(join(top, 'b'));
  symlinkSync(join(outer, 'outside/node_modules/secret/package.json'), join(top, 'b/package.json'));
  symlinkSync('node_modules', join(top, 'app/inside'));
  symlinkSync('loop', join(top, 'loop'));
  const { packages, files } = await analyze();
  expect(packages.map(({ name }) => name)).toEqual(['a']);
  expect(files?.filter(({ type }) => type === 'symlink').map(({ path }) => path)).toEqual([
    '/app/absolute',
    '/app/inside',
    '/app/relative',
    '/b/package.json',
    '/loop',
  ]);
});

it('lists no digests and files for packages only', async () => {
  const { packages, files } = await analyze({ packagesOnly: true });
  expect(packages).toHaveLength(1);
  expect(files).toBeUndefined();
});

it('ends at limits and with a problem for what is too large', async () => {
  writeFileSync(join(top, 'large'), 'x'.repeat(2000));
  expect((await analyze({ limits: { fileBytes: 1000 } })).problems).toMatchObject([
    { code: 'file-too-large', path: '/large' },
  ]);
  expect((await analyze({ limits: { layerEntries: 2 } })).problems).toMatchObject([{ code: 'layer-limit' }]);
});

it('stops when aborted, and fails for what is no directory', async () => {
  await expect(analyze({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  await expect(
    analyzeDirectory(join(top, 'app/node_modules/a/package.json'), { settings: DEFAULT_SETTINGS }),
  ).rejects.toThrow();
  await expect(analyzeDirectory(join(top, 'missing'), { settings: DEFAULT_SETTINGS })).rejects.toThrow();
});

it('reads files whose names are not UTF-8', async () => {
  const folder = Buffer.concat([Buffer.from(join(top, 'app/node_modules/')), Buffer.from([0xe9])]);
  mkdirSync(folder);
  writeFileSync(Buffer.concat([folder, Buffer.from('/package.json')]), '{"name":"b","version":"2.0.0"}');
  const { packages, problems } = await analyze();
  expect(packages.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(problems).toMatchObject([{ code: 'name-not-utf8', severity: 'note', path: '/app/node_modules/\ufffd' }]);
});
