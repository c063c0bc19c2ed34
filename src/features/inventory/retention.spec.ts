import { describe, expect, it } from 'vitest';
import { inventoryCutoff, inventoryRetention, shadowedSettings } from './retention.ts';

const none = {
  inventory_ttl_days: undefined,
  inventory_ingest_overwrite: undefined,
  image_ttl_days: undefined,
  image_ingest_overwrite: undefined,
};

describe('inventoryRetention', () => {
  it.each([
    ['nothing set', {}, { ttlDays: 120, overwrite: false }],
    ['older names', { image_ttl_days: 30, image_ingest_overwrite: true }, { ttlDays: 30, overwrite: true }],
    [
      'both: the newer wins',
      { image_ttl_days: 30, inventory_ttl_days: 7, image_ingest_overwrite: true, inventory_ingest_overwrite: false },
      { ttlDays: 7, overwrite: false },
    ],
    ['0: for ever', { inventory_ttl_days: 0 }, { ttlDays: undefined, overwrite: false }],
    ['negative: the latest report alone', { image_ttl_days: -1 }, { ttlDays: undefined, overwrite: true }],
  ])('%s', (_, settings, expected) => expect(inventoryRetention({ ...none, ...settings })).toEqual(expected));
  it('tells which settings have no effect', () => {
    expect(shadowedSettings(none)).toEqual([]);
    expect(shadowedSettings({ ...none, image_ttl_days: 1 })).toEqual([]);
    expect(shadowedSettings({ ...none, image_ttl_days: 1, inventory_ttl_days: 0 })).toEqual([
      { ignored: 'image_ttl_days', because: 'inventory_ttl_days' },
    ]);
  });
  it('cuts nothing off without a time to live', () => {
    const now = new Date('2026-01-02T00:00:00Z');
    expect(inventoryCutoff({ ttlDays: undefined, overwrite: false }, now).getTime()).toBe(0);
    expect(inventoryCutoff({ ttlDays: 1, overwrite: false }, now)).toEqual(new Date('2026-01-01T00:00:00Z'));
  });
});
