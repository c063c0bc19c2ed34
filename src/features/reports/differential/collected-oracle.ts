import type { Asked } from './filter-oracle.ts';
import { compareLists } from './finding-oracle.ts';
import { fitsFlag, fitsText, fitsTime } from './text-match.ts';
import { type Row, sortedBy, written } from './vulnerability-oracle.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
const VERDICTS = [
  'fail.blacklisted',
  'fail.error',
  'fail.policy_evaluation',
  'pass.policy_evaluation',
  'pass.whitelisted',
];

/** The 22 ids that clients know. */
export const METRIC_IDS: readonly string[] = ['all', 'current']
  .flatMap((tags) => [
    ...SEVERITIES.map((severity) => `vulnerabilities.tags.${tags}.${severity}`),
    ...VERDICTS.map((verdict) => `evaluations.bundle.active.tags.${tags}.${verdict}`),
  ])
  .sort();

const OTHER_METRICS = ['images.total'];

/** Ids in the newer words mean the same. */
const oldWords = (id: string): string =>
  id
    .replace(/^evaluations\.policy\./, 'evaluations.bundle.')
    .replace(/denylisted$/, 'blacklisted')
    .replace(/allowlisted$/, 'whitelisted');

/** Collected values, the newest first, then by id, descending. */
export function metricData({ fleet, account, filter, now }: Asked): Row[] {
  const wanted = typeof filter.metricId === 'string' ? oldWords(filter.metricId) : undefined;
  const ids =
    wanted === undefined ? METRIC_IDS : [...METRIC_IDS, ...OTHER_METRICS].filter((id) => fitsText(id, wanted));
  return fleet.samples
    .filter((sample) => account === undefined || sample.account === account)
    .filter((sample) =>
      fitsTime(sample.collected_at, { after: filter.start, before: filter.end, days: filter.last }, now),
    )
    .flatMap((sample) => ids.map((id) => ({ sample, id, value: sample.readings[id]! })))
    .sort(
      (a, b) =>
        compareLists([b.sample.collected_at, b.id], [a.sample.collected_at, a.id]) ||
        compareLists([a.sample.account], [b.sample.account]),
    )
    .map(({ sample, id, value }) => ({
      ...{ metricId: id, value: String(value), valueInt: value > 2_147_483_647 ? null : value },
      ...{ collectedAt: written(sample.collected_at), accountName: account === undefined ? sample.account : null },
    }));
}

type Owned = { account: string; scope: 'account' | 'global' };
/** Stored queries over all accounts are seen on the global endpoint, the others on that of their account. */
const isSeen = ({ account }: Asked, row: Owned): boolean =>
  account === undefined ? row.scope === 'global' : row.scope === 'account' && row.account === account;

function executionRows(asked: Asked, filter: Asked['filter']): Row[] {
  const found = asked.fleet.executions.filter(
    (row) =>
      isSeen(asked, row) &&
      (!filter.uuid || filter.uuid === row.uuid) &&
      (!filter.queryUuid || filter.queryUuid === row.query_uuid) &&
      (!filter.status || filter.status === row.status) &&
      fitsTime(row.started_at ?? row.created_at, { after: filter.after, before: filter.before }, asked.now),
  );
  return found
    .sort((a, b) => compareLists([b.created_at, b.uuid], [a.created_at, a.uuid]))
    .map((row) => ({
      ...{ uuid: row.uuid, queryUuid: row.query_uuid, status: row.status },
      ...{ startedAt: written(row.started_at), finishedAt: written(row.finished_at) },
      ...{ rowCount: 3, pageCount: 1, errorMessage: null },
    }));
}

/** Runs of stored queries, the newest first. */
export const scheduledQueryExecutions = (asked: Asked): Row[] => executionRows(asked, asked.filter);

/** Stored queries by name. */
export function scheduledQueries(asked: Asked): Row[] {
  const { filter, fleet } = asked;
  const found = fleet.schedules.filter(
    (row) =>
      isSeen(asked, row) &&
      (!filter.uuid || filter.uuid === row.uuid) &&
      fitsText(row.name, filter.name) &&
      fitsFlag(row.enabled, filter.enabled),
  );
  return sortedBy(found, (row) => [row.name, row.uuid]).map((row) => ({
    ...{ uuid: row.uuid, name: row.name, enabled: row.enabled, createdAt: written(row.created_at) },
    executions: { results: executionRows(asked, { queryUuid: row.uuid }) },
  }));
}
