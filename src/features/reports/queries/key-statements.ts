import { type RawBuilder, sql } from 'kysely';
import { scopeAccount } from '../execution/context.ts';
import { all, matchConditions, textIs } from './conditions.ts';
import type { Severity } from './filters.ts';
import { type FindingPage, type FindingSelection, findings, onlyJudged, recordConditions } from './findings.ts';

/** A vulnerability that an account has. */
export interface VulnerabilityKey {
  id: string;
  account: string;
}

export const SEVERITIES: readonly Severity[] = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'];

/** Up to so many images, or to this part of all, what their packages have is read whole. */
const READ_WHOLE = 10;

/** Part of the ids in order. */
export interface CandidateRange {
  /** A record has this severity. */
  rank?: number | undefined;
  order: 'ID_DESC' | 'ID_ASC';
  /** Only ids beyond it; with an account, the id itself too. */
  position: { id: string; account: string | undefined } | undefined;
  count: number;
}

/**
 * Statement for ids that may have findings of a selection, by what leads to few of them; undefined where that is the
 * images.
 */
export function candidateIds(selection: FindingSelection, range?: CandidateRange): RawBuilder<unknown> | undefined {
  const { filter, packages, fewImages, judged } = selection;
  if (fewImages) return undefined;
  const name = packages ? sql`m.vulnerability` : sql`v.id`;
  const id = sql`${name} collate "C"`;
  const { rank, order, position, count } = range ?? {};
  const beyond = order === 'ID_DESC' ? sql`<` : sql`>`;
  const only = judged && onlyJudged(judged);
  const conditions = [
    textIs(name, filter.vulnerability?.id),
    only ? sql`${name} = any(${[...new Set(only.map((one) => one.vulnerability))]}::text[])` : undefined,
    position ? sql`${id} ${beyond}${position.account === undefined ? sql`` : sql`=`} ${position.id}` : undefined,
  ];
  const from = packages
    ? sql`package_match m where ${all([
        sql`m.package_id = any(${[...new Set([...packages.found, ...packages.matched])]}::bigint[])`,
        ...matchConditions(filter.vulnerability),
        ...conditions,
      ])}`
    : sql`vulnerability v where ${all([
        ...recordConditions(selection),
        rank === undefined ? undefined : sql`v.severity = ${SEVERITIES[rank]!}`,
        ...conditions,
      ])}`;
  const part = order ? sql`order by 1 ${order === 'ID_DESC' ? sql`desc` : sql`asc`} limit ${count}` : sql``;
  return sql`select ${id} as id from ${from} group by 1 ${part}`;
}

/** A key that was found by the severity of a finding. */
export interface RankedKey extends VulnerabilityKey {
  /** There is a finding of a higher severity. */
  above: boolean;
}

/** Keys of an account among candidates, with a finding of the severity. Each is looked up until an image is found: `offset 0` keeps it that way. */
export function oneByOne(
  page: FindingPage,
  of: { candidates: RawBuilder<unknown>; account: string; rank?: number | undefined },
): RawBuilder<unknown> {
  const { candidates, account, rank } = of;
  const finding = (severities: readonly Severity[] | undefined) =>
    sql`exists (${findings(page, {
      columns: sql`1`,
      read: 'one',
      withRecord: severities !== undefined,
      where: [
        // Ids come in an order of their own, in which the index does not have them.
        sql`m.vulnerability = c.id collate "default"`,
        severities ? sql`v.severity = any(${severities as Severity[]}::text[])` : undefined,
      ],
    })} offset 0)`;
  const above = rank ? finding(SEVERITIES.slice(0, rank)) : sql`false`;
  return sql`
    select c.id, ${account}::text as account, ${above} as above from (${candidates}) c
    where ${finding(rank === undefined ? undefined : [SEVERITIES[rank]!])}`;
}

/** Keys among candidates, or all of them, by all their findings; one of them is of the severity. */
export function together(
  page: FindingPage,
  of: { candidates: RawBuilder<unknown> | undefined; rank?: number | undefined },
): RawBuilder<unknown> {
  const { candidates, rank } = of;
  const account = scopeAccount(page.selection.context.scope);
  const found = findings(page, {
    keys: candidates && sql`(select id collate "default" as id from (${candidates}) c) k`,
    ofAccounts: true,
    columns: sql`m.vulnerability collate "C" as id, ${account === undefined ? sql`i.account` : sql`${account}::text`} collate "C" as account ${rank === undefined ? sql`` : sql`, v.severity`}`,
    withRecord: rank !== undefined,
  });
  if (rank === undefined) return sql`select id, account, false as above from (${found}) f group by 1, 2`;
  const above = sql`severity = any(${SEVERITIES.slice(0, rank) as Severity[]}::text[])`;
  return sql`
    select id, account, bool_or(${above}) as above from (${found}) f group by 1, 2
    having bool_or(severity = ${SEVERITIES[rank]!})`;
}

/** Are images so few that what their packages have is read whole? `analyses`: of all accounts, counted as far as it matters. */
export function readsWhole(images: number, analyses: number): boolean {
  return images <= READ_WHOLE || images * 20 < analyses;
}
