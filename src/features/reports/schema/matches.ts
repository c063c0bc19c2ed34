import type { Position } from '../execution/tokens.ts';
import type { FindingFilter } from '../queries/filters.ts';
import type { FindingPage, FindingSelection } from '../queries/findings.ts';
import { type ReadMatch, readOn } from '../queries/match-reader.ts';
import { countMatches, matchesOfKeys, matchPosition } from '../queries/match-store.ts';
import { ownedMatches } from '../queries/owned-store.ts';
import { prepareSelection } from '../queries/selection.ts';
import { type VulnerabilityKey, vulnerabilityPage } from '../queries/vulnerability-store.ts';
import { FINDING_FIELDS, findingView } from './findings.ts';
import { type ListArguments, listSubject, pageInfo, pageLimit, startOf } from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import { imageTags, links } from './vulnerabilities.ts';

/** Vulnerabilities that a page begins with: popular ones fill it many times over. */
const FIRST_KEYS = 20;

const vulnerabilityMatches: Resolver = async (_parent, args: ListArguments, context) => {
  const limit = pageLimit(args.limit, context);
  const subject = listSubject('vulnerabilityMatches', args, context);
  const order = args.orderBy === 'VULNERABILITY_ID_ASC' ? 'ID_ASC' : 'ID_DESC';
  const after = startOf(args, subject, 6);
  const { session } = context;
  let selection: Promise<FindingSelection> | undefined;
  const select = () => {
    selection ??= prepareSelection(context, (args.filter ?? {}) as FindingFilter);
    return selection;
  };
  const { found, more } = session
    ? await readOn(context, session, { subject, order, after, limit }, select)
    : await readPage(await select(), order, after, limit);
  context.spend(found.length);
  const last = found.at(-1);
  const results = session?.plain ? [] : found.map(matchView);
  session?.used.push(results);
  if (session?.plain) for (const match of found) session.plain.results.push(session.plain.row(matchView(match)));
  return {
    pageInfo: pageInfo(context, {
      subject,
      count: found.length,
      last: last ? matchPosition(last.row) : undefined,
      more,
      total: async () => countMatches(await select()),
    }),
    results,
  };
};

function matchView({ row, page }: ReadMatch) {
  return {
    ...findingView(row, page),
    vulnerabilityId: row.vulnerability,
    digest: row.digest,
    imageId: row.image_id,
    account: row.account,
    accountName: row.account,
  };
}

async function readPage(
  selection: FindingSelection,
  order: 'ID_DESC' | 'ID_ASC',
  after: Position | undefined,
  limit: number,
): Promise<{ found: ReadMatch[]; more: boolean }> {
  const found = await read(selection, order, after, limit + 1);
  return { found: found.slice(0, limit), more: found.length > limit };
}

/** Rows behind a position: the rest of its vulnerability, then as many vulnerabilities as fill the page. */
async function read(
  selection: FindingSelection,
  order: 'ID_DESC' | 'ID_ASC',
  after: Position | undefined,
  limit: number,
): Promise<ReadMatch[]> {
  const found: ReadMatch[] = [];
  let begun: VulnerabilityKey | undefined = after && { id: String(after[0]), account: String(after[1]) };
  let end = begun;
  let size = FIRST_KEYS;
  for (let more = true, keysRead = 0; more && found.length < limit; ) {
    const next = await vulnerabilityPage(selection, order, end && [end.id, end.account], Math.min(size, limit));
    const owned = begun ? [...next.owned, ...(await ownedMatches(selection.context, [begun.id]))] : next.owned;
    const keys = begun ? [begun, ...next.keys] : next.keys;
    const page: FindingPage = { selection, owned };
    const rows = await matchesOfKeys(page, keys, begun && after, limit - found.length);
    for (const row of rows) found.push({ row, page });
    begun = undefined;
    more = next.more;
    end = keys.at(-1) ?? end;
    keysRead += keys.length;
    // As many as fill the page, as far as the vulnerabilities so far tell.
    const left = limit - found.length;
    size = Math.max(FIRST_KEYS, Math.min(Math.ceil((left * 1.2 * keysRead) / Math.max(1, found.length)), keysRead * 8));
  }
  return found;
}

/** The flat report, of which the others are views. */
export const matchResolvers: Resolvers = {
  Query: { vulnerabilityMatches },
  VulnerabilityMatch: { ...FINDING_FIELDS, links, tags: imageTags },
};
