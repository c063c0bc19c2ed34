import type { Config } from '#platform/config/index.ts';

/** How long inventory is kept, and what a report does to what was there before. */
export interface InventoryRetention {
  /** Days after which what was not seen is gone; undefined: it stays. */
  ttlDays: number | undefined;
  /** A report replaces what its contexts held. */
  overwrite: boolean;
}

const DEFAULT_TTL_DAYS = 120;

type Settings = Pick<
  Config['retention'],
  'inventory_ttl_days' | 'inventory_ingest_overwrite' | 'image_ttl_days' | 'image_ingest_overwrite'
>;

/**
 * Reads the settings; of the two names of each, the newer wins. 0 days keep for ever, a negative number is an old way to
 * ask for the latest report alone.
 */
export function inventoryRetention(settings: Settings): InventoryRetention {
  const days = settings.inventory_ttl_days ?? settings.image_ttl_days ?? DEFAULT_TTL_DAYS;
  const overwrite = settings.inventory_ingest_overwrite ?? settings.image_ingest_overwrite ?? false;
  return { ttlDays: days > 0 ? days : undefined, overwrite: overwrite || days < 0 };
}

/** Older names that are set beside the newer ones, and so have no effect. */
export function shadowedSettings(settings: Settings): { ignored: string; because: string }[] {
  const pairs = [
    ['image_ttl_days', 'inventory_ttl_days'],
    ['image_ingest_overwrite', 'inventory_ingest_overwrite'],
  ] as const;
  return pairs.flatMap(([old, name]) =>
    settings[old] !== undefined && settings[name] !== undefined ? [{ ignored: old, because: name }] : [],
  );
}

/** What was last seen before this moment is gone. */
export function inventoryCutoff({ ttlDays }: InventoryRetention, now: Date): Date {
  return ttlDays === undefined ? new Date(0) : new Date(now.getTime() - ttlDays * 86_400_000);
}
