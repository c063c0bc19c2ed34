import { listPage, type ProvidedResolver, reportError, scopeAccount } from '#features/reports/index.ts';
import { METRICS, metricIds, PUBLISHED_IDS } from './catalogue.ts';
import { countData, type DataSelection, type Datum, selectData } from './sample-store.ts';

type Page = { limit?: number | null; nextToken?: string | null };
type DataFilter = {
  metricId?: string | null;
  start?: string | null;
  end?: string | null;
  last?: number | null;
};

const PUBLISHED = METRICS.filter((metric) => metric.published);

/** Answers `metrics` and `metricData`. */
export const metricResolvers: Readonly<Record<string, ProvidedResolver>> = {
  'Query.metrics': (args: Page, context) =>
    listPage(
      context,
      args,
      {
        name: 'metrics',
        length: 1,
        read: async (after, limit) => PUBLISHED.filter(({ id }) => !after || id > String(after[0])).slice(0, limit),
        position: ({ id }) => [id],
        count: async () => PUBLISHED.length,
      },
      ({ id, name, description }) => ({ id, name, description, metricType: 'counter' }),
    ),

  'Query.metricData': (args: Page & { filter?: DataFilter | null }, context) => {
    const filter = args.filter ?? {};
    const account = scopeAccount(context.scope);
    const selection = { account, ids: wantedIds(filter.metricId), ...windowOf(filter, context.now) };
    return listPage<Datum, unknown>(
      context,
      args,
      {
        name: 'metricData',
        length: 3,
        read: (after, limit) =>
          context.rows(
            selectData({ ...selection, after: after?.map(String) as [string, string, string] | undefined }, limit),
          ),
        position: (row) => [row.collected_at.toISOString(), row.metric, row.account],
        count: async () => (await context.rows(countData({ ...selection, after: undefined })))[0]?.n ?? 0,
      },
      (row) => ({
        metricId: row.metric,
        value: row.value,
        // Beyond what the type can hold there is the text.
        valueInt: Number(row.value) <= 0x7fffffff ? Number(row.value) : null,
        collectedAt: row.collected_at,
        accountName: account === undefined ? row.account : null,
      }),
    );
  },
};

function wantedIds(wanted: string | null | undefined): readonly string[] {
  if (wanted === undefined || wanted === null) return PUBLISHED_IDS;
  return metricIds(wanted);
}

function windowOf({ start, end, last }: DataFilter, now: Date): Pick<DataSelection, 'from' | 'before'> {
  if (last !== undefined && last !== null && (last < 0 || last > 36_500))
    throw reportError('FILTER_INVALID', `A number of days must be from 0 to 36500, not ${last}`);
  const since = typeof last === 'number' ? new Date(now.getTime() - last * 86_400_000).toISOString() : undefined;
  const from = [start ?? undefined, since]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return { from, before: end ?? undefined };
}
