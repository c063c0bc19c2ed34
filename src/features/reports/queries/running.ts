import { type RawBuilder, sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { all, type Condition, inScope, textIs, timeIn } from './conditions.ts';
import type { ImageSelection, RuntimeInventoryFilter } from './filters.ts';

/** Conditions over rows `r` of the inventory. */
export function inventoryConditions(
  context: ReportContext,
  filter: RuntimeInventoryFilter | null | undefined,
): Condition[] {
  return [
    filter?.type ? sql`r.inventory_type = ${filter.type}` : undefined,
    textIs('r.context', filter?.context),
    timeIn(sql`r.last_seen`, { days: filter?.lastSeenInDays }, context.now),
  ];
}

/** What runs in the accounts of the scope, with the images of the catalogue that it is: columns of `running_images`, and `account`. */
export function runningRows(
  context: ReportContext,
  filter: ImageSelection & { runtimeInventory?: RuntimeInventoryFilter | null },
): RawBuilder<unknown> {
  return sql`
    select a.name as account, r.* from account a
    cross join lateral running_images(a.name, ${context.runningSince.toISOString()}::timestamptz) r
    where ${all([inScope('a.name', context, filter), ...inventoryConditions(context, filter.runtimeInventory)])}`;
}

/** Images of the catalogue that run: account and digest. */
export function runningImages(
  context: ReportContext,
  filter: ImageSelection & { runtimeInventory?: RuntimeInventoryFilter | null },
): RawBuilder<unknown> {
  return sql`select distinct account, digest from (${runningRows(context, filter)}) r where digest is not null`;
}
