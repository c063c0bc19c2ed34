import type { Position } from '../execution/tokens.ts';
import type { FindingFilter } from '../queries/filters.ts';
import { countBelow, type FindingPage } from '../queries/finding-rows-store.ts';
import type { FindingSelection } from '../queries/findings.ts';
import { countMatches, type MatchRow, matchesOfKeys, matchPosition } from '../queries/match-store.ts';
import { ownedMatches } from '../queries/owned-store.ts';
import { prepareSelection } from '../queries/selection.ts';
import { type VulnerabilityKey, vulnerabilityPage } from '../queries/vulnerability-store.ts';
import { FINDING_FIELDS, findingView } from './findings.ts';
import { type ListArguments, listSubject, pageInfo, pageLimit, startOf } from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import { imageTags, links } from './vulnerabilities.ts';

const KEYS_AT_ONCE = 200;

const vulnerabilityMatches: Resolver = async (_parent, args: ListArguments, context) => {
  const limit = pageLimit(args.limit, context);
  const subject = listSubject('vulnerabilityMatches', args, context);
  const order = args.orderBy === 'VULNERABILITY_ID_ASC' ? 'ID_ASC' : 'ID_DESC';
  const selection = await prepareSelection(context, (args.filter ?? {}) as FindingFilter);
  const found = await read(selection, order, startOf(args, subject, 6), limit + 1);
  const shown = found.slice(0, limit);
  context.spend(shown.length);
  const last = shown.at(-1);
  return {
    pageInfo: pageInfo(context, {
      subject,
      count: shown.length,
      last: last ? matchPosition(last.row) : undefined,
      more: found.length > limit,
      total: () => countMatches(selection),
    }),
    results: shown.map(({ row, page }) => ({
      ...findingView(row, page),
      vulnerabilityId: row.vulnerability,
      digest: row.digest,
      imageId: row.image_id,
      account: row.account,
      accountName: row.account,
    })),
  };
};

/** Rows behind a position: the rest of its vulnerability, then as many vulnerabilities as fill the page. */
async function read(
  selection: FindingSelection,
  order: 'ID_DESC' | 'ID_ASC',
  after: Position | undefined,
  limit: number,
): Promise<{ row: MatchRow; page: FindingPage }[]> {
  const found: { row: MatchRow; page: FindingPage }[] = [];
  let behind = after;
  let begun: VulnerabilityKey | undefined = after && { id: String(after[0]), account: String(after[1]) };
  for (let more = true; more && found.length < limit; ) {
    const start = begun ?? found.at(-1)?.row;
    const from: Position | undefined = begun
      ? [begun.id, begun.account]
      : start && 'vulnerability' in start
        ? [start.vulnerability, start.account]
        : undefined;
    const next = await vulnerabilityPage(selection, order, from, Math.min(KEYS_AT_ONCE, limit));
    const owned = begun ? [...next.owned, ...(await ownedMatches(selection.context, [begun.id]))] : next.owned;
    const page: FindingPage = { selection, owned };
    const keys = begun ? [begun, ...next.keys] : next.keys;
    more = next.more;
    const wanted = limit - found.length;
    const counts = await countBelow(page, keys, 'findings');
    let enough = 0;
    // Of the first key an unknown part is read already: it does not count.
    for (let rows = 0; enough < keys.length && rows < wanted; enough++)
      rows += begun && enough === 0 ? 0 : counts[enough]!;
    const rows = await matchesOfKeys(page, keys.slice(0, enough), begun ? behind : undefined, wanted);
    found.push(...rows.map((row) => ({ row, page })));
    if (enough < keys.length) break;
    begun = undefined;
    behind = undefined;
  }
  return found;
}

/** The flat report, of which the others are views. */
export const matchResolvers: Resolvers = {
  Query: { vulnerabilityMatches },
  VulnerabilityMatch: { ...FINDING_FIELDS, links, tags: imageTags },
};
