import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphiqlPage } from './graphiql.ts';

describe('the page to write queries', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'windlass-graphiql-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says that it comes while it is built, and is there afterwards', async () => {
    const path = join(folder, 'graphiql.html');
    const early = await graphiqlPage(path);
    expect(early).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
    expect(String(early.bytes)).toContain('http-equiv="refresh"');
    await writeFile(path, '<p>page</p>');
    const late = await graphiqlPage(path);
    expect(late.status ?? 200).toBe(200);
    expect(String(late.bytes)).toBe('<p>page</p>');
  });
});
