import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activeSubscriptions, listSubscriptions, updateSubscription } from '#features/subscriptions/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { recordImage } from './add-image.ts';
import { ancestorsOf } from './ancestors.ts';
import { markForDeletion } from './delete-image.ts';
import { collectDeleted, findImage, listImages, setAnalysisStatus } from './store.ts';
import { imageCounts, imageTagSummaries } from './summary-store.ts';
import { mapTag } from './tag-store.ts';

const ACCOUNT = 'team';
const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const tag = { registry: 'docker.io', repository: 'nginx', tag: 'latest' };
const options = { force: false, autoSubscribe: false, host: 'h' };

let database: Database;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('account').execute();
  for (const name of [ACCOUNT, 'other'])
    await database.db.insertInto('account').values({ name, type: 'user' }).execute();
});

function record(
  digest: string,
  request: Partial<Parameters<typeof recordImage>[4]> = {},
  force = false,
  account = ACCOUNT,
) {
  return recordImage(
    database.db,
    account,
    { digest, imageId: 'sha256:1' },
    [tag],
    { annotations: {}, ...request },
    { ...options, force },
  );
}

describe('recordImage', () => {
  it('queues a new image once and gives its tag four subscriptions', async () => {
    expect(await record(A)).toEqual({ queue: true, tagMoved: false });
    expect(await record(A)).toEqual({ queue: false, tagMoved: false });
    const subscriptions = await listSubscriptions(database.db, ACCOUNT, { subscription_key: 'docker.io/nginx:latest' });
    expect(subscriptions.filter((s) => s.active).map((s) => s.subscription_type)).toEqual(['analysis_update']);
    expect(subscriptions).toHaveLength(4);
  });

  it('merges annotations; "null" removes one', async () => {
    await record(A, { annotations: { a: '1', b: '2' } });
    await record(A, { annotations: { a: 'null', c: '3' } });
    expect((await findImage(database.db, ACCOUNT, A))!.annotations).toEqual({ b: '2', c: '3' });
  });

  it('queues again when forced, failed, or being deleted', async () => {
    await record(A);
    await setAnalysisStatus(database.db, A, 'analyzed', { accounts: [ACCOUNT], host: 'h' });
    expect((await record(A)).queue).toBe(false);
    expect((await record(A, {}, true)).queue).toBe(true);
    await setAnalysisStatus(database.db, A, 'analysis_failed', { accounts: [ACCOUNT], host: 'h', error: 'no' });
    expect((await record(A)).queue).toBe(true);
    await markForDeletion(database.db, ACCOUNT, A, true);
    expect((await record(A)).queue).toBe(true);
    expect((await findImage(database.db, ACCOUNT, A))!.image_status).toBe('active');
  });

  it('refuses a dockerfile for a known image', async () => {
    await record(A);
    await expect(record(A, { dockerfile: 'RlJPTSB4' })).rejects.toThrow('dockerfile');
  });
});

describe('tags', () => {
  it('lists only what the tag points to now, and both with history', async () => {
    await record(A);
    expect(await record(B)).toEqual({ queue: true, tagMoved: true });
    expect((await listImages(database.db, ACCOUNT, { tag })).map((row) => row.digest)).toEqual([B]);
    expect((await listImages(database.db, ACCOUNT, { tag, history: true })).map((row) => row.digest)).toEqual([A, B]);
  });

  it('files an older sighting into the past', async () => {
    await record(A);
    await record(B, { detectedAt: new Date('2020-01-01T00:00:00Z') });
    expect((await listImages(database.db, ACCOUNT, { tag })).map((row) => row.digest)).toEqual([A]);
    expect(await mapTag(database.db, ACCOUNT, tag, A, new Date())).toEqual({ moved: false });
  });
});

describe('markForDeletion', () => {
  it('refuses the newest image of a subscribed tag unless forced', async () => {
    await record(A);
    expect(await markForDeletion(database.db, ACCOUNT, A, false)).toMatchObject({ status: 'delete_failed' });
    expect(await markForDeletion(database.db, ACCOUNT, A, true)).toEqual({ image_digest: A, status: 'deleting' });
    expect(await markForDeletion(database.db, ACCOUNT, A, false)).toEqual({ image_digest: A, status: 'deleting' });
    expect(await activeSubscriptions(database.db, ACCOUNT, ['docker.io/nginx:latest'])).toEqual([]);
  });

  it('does not see the images of another account', async () => {
    await record(A);
    expect(await markForDeletion(database.db, 'other', A, true)).toMatchObject({ status: 'not_found' });
    expect(await findImage(database.db, 'other', A)).toBeUndefined();
  });

  it('refuses an image under analysis', async () => {
    await record(A);
    const [first] = await listSubscriptions(database.db, ACCOUNT, { subscription_type: 'analysis_update' });
    await updateSubscription(database.db, ACCOUNT, first!.subscription_id, { active: false });
    await setAnalysisStatus(database.db, A, 'analyzing', { host: 'h' });
    expect(await markForDeletion(database.db, ACCOUNT, A, false)).toMatchObject({ status: 'delete_failed' });
  });

  it('is collected with everything that hangs on it', async () => {
    await record(A);
    await markForDeletion(database.db, ACCOUNT, A, true);
    await database.db
      .updateTable('image')
      .set({ last_updated: new Date('2020-01-01') })
      .execute();
    expect(await collectDeleted(database.db)).toEqual([{ account: ACCOUNT, digest: A }]);
    expect(await database.db.selectFrom('tag_mapping').selectAll().execute()).toEqual([]);
  });
});

describe('summaries', () => {
  it('counts and lists tags', async () => {
    await record(A);
    await record(B);
    await record(A, {}, false, 'other');
    expect(await imageCounts(database.db, ACCOUNT, { image_status: ['active'] })).toEqual({
      tags: 1,
      images: 2,
      analyzed: 0,
      analyzing: 0,
      pending: 2,
      failed: 0,
    });
    const page = await imageTagSummaries(database.db, ACCOUNT, {
      image_status: ['active'],
      analysis_status: ['all'],
      order_by: ['image_digest'],
      order_by_descending: [true],
      limit: 1,
      page: 1,
    });
    expect(page).toMatchObject({ total_rows: 2, items: [{ image_digest: B, full_tag: 'docker.io/nginx:latest' }] });
  });
});

describe('ancestorsOf', () => {
  it('finds analysed images whose layers are a proper prefix, longest first', async () => {
    const layers = ['sha256:1', 'sha256:2', 'sha256:3'];
    const bases: [string, string[]][] = [
      [A, ['sha256:1']],
      [B, ['sha256:1', 'sha256:2']],
      [`sha256:${'c'.repeat(64)}`, ['sha256:2', 'sha256:1']],
    ];
    for (const [digest, layer_digests] of bases) {
      await record(digest);
      const { id } = await database.db
        .insertInto('analysis')
        .values({ digest, analyzer_version: '1', document_key: 'k', image_id: 'i', layer_digests })
        .returning('id')
        .executeTakeFirstOrThrow();
      await setAnalysisStatus(database.db, digest, 'analyzed', { accounts: [ACCOUNT], analysisId: id, host: 'h' });
    }
    const found = await ancestorsOf(database.db, ACCOUNT, 'sha256:x', layers);
    expect(found.map((a) => [a.image_digest, a.chosen_base_image])).toEqual([
      [B, true],
      [A, false],
    ]);
    expect(await ancestorsOf(database.db, 'other', 'sha256:x', layers)).toEqual([]);
  });
});
