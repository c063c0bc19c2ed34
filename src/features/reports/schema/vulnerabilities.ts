import type { ReportContext } from '../execution/context.ts';
import { decodeToken, encodeToken, type Position, subjectOfToken } from '../execution/tokens.ts';
import { countArtifacts } from '../queries/artifact-store.ts';
import { linksOf } from '../queries/facts-store.ts';
import type { FindingFilter } from '../queries/filters.ts';
import {
  countImages,
  type FindingPage,
  type FindingRow,
  findingsOfImages,
  imagesBelow,
  imagesOfKeys,
} from '../queries/finding-rows-store.ts';
import { prepareSelection } from '../queries/selection.ts';
import { type TagRow, tagsOfImages, tagsOfLists } from '../queries/tag-rows-store.ts';
import {
  countVulnerabilities,
  type VulnerabilityKey,
  type VulnerabilityOrder,
  vulnerabilityPage,
} from '../queries/vulnerability-store.ts';
import { type Inner, type WholeLists, wholeLists } from './below-vulnerabilities.ts';
import { FINDING_FIELDS, findingView } from './findings.ts';
import { vulnerabilityPageUrl } from './links.ts';
import {
  asksForWhole,
  type InnerArguments,
  type InnerPage,
  innerName,
  innerSubject,
  type ListArguments,
  listSubject,
  pageInfo,
  pageLimit,
  startOf,
} from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';

/** A vulnerability with what is read below it. */
export interface VulnerabilityParent {
  vulnerabilityId: string;
  accountName: string;
  key: VulnerabilityKey;
  page: FindingPage;
  subject: string;
  whole: WholeLists;
}

/** An image with a vulnerability. */
export interface ImageParent {
  digest: string;
  imageId: string | null;
  vulnerability: string;
  account: string;
  page: FindingPage;
  /** Its packages with the vulnerability, when they were read already. */
  findings?: readonly FindingRow[] | undefined;
}

/** A list of vulnerabilities, by what is below them. */
export function vulnerabilityList(name: string, inner: Inner, options: { runtime?: boolean } = {}): Resolver {
  return async (_parent, args: ListArguments, context, info) => {
    const limit = pageLimit(args.limit, context);
    const subject = listSubject(name, args, context);
    const order = (args.orderBy ?? 'ID_DESC') as VulnerabilityOrder;
    const after = startOf(args, subject, order === 'SEVERITY_DESC' ? 3 : 2);
    const given = (args.filter ?? {}) as FindingFilter;
    // What runs counts, whatever its tags point to now, unless tags are asked about.
    const filter = options.runtime && !given.tag ? { ...given, tag: { currentOnly: false } } : given;
    // What has no tag is no row of a report by tags.
    const selection = await prepareSelection(context, filter, { ...options, tagged: inner === 'registries' });
    const found = await vulnerabilityPage(selection, order, after, limit);
    const page: FindingPage = { selection, owned: found.owned };
    const whole = await wholeLists(page, found.keys, inner, info);
    const shown = whole.length;
    context.spend(shown);
    const results = whole.map((lists, at): VulnerabilityParent => {
      const key = found.keys[at]!;
      return { vulnerabilityId: key.id, accountName: key.account, ...{ key, page, subject, whole: lists } };
    });
    return {
      pageInfo: pageInfo(context, {
        subject,
        count: results.length,
        last: found.positions[shown - 1],
        more: found.more || shown < found.keys.length,
        total: () => countVulnerabilities(selection),
      }),
      results,
    };
  };
}

/** Asks once for the same thing below several parents of one page. */
export function byPage<P extends { page: FindingPage }, V>(
  parents: P[],
  fetch: (page: FindingPage, parents: P[]) => Promise<Map<P, V>>,
): Promise<Map<P, V>> {
  const pages = new Map<FindingPage, P[]>();
  for (const parent of parents) {
    const others = pages.get(parent.page);
    if (others) others.push(parent);
    else pages.set(parent.page, [parent]);
  }
  return (async () => {
    const all = new Map<P, V>();
    for (const [page, of] of pages) for (const [parent, value] of await fetch(page, of)) all.set(parent, value);
    return all;
  })();
}

/** Rows with the place of their parent, as lists by parent. */
export function grouped<P, R extends { at: number }>(parents: readonly P[], rows: readonly R[]): Map<P, R[]> {
  const lists = new Map<P, R[]>(parents.map((parent) => [parent, []]));
  for (const row of rows) lists.get(parents[row.at - 1]!)!.push(row);
  return lists;
}

/** Where an inner page begins: its token must be of this very row. */
function innerStart(
  parents: readonly VulnerabilityParent[],
  name: string,
  args: InnerArguments,
  length: number,
): { parents: readonly VulnerabilityParent[]; after: Position | undefined } {
  if (!args.nextToken) return { parents, after: undefined };
  const own = parents.filter((parent) => subjectOf(parent, name) === subjectOfToken(args.nextToken!));
  const subject = own[0] ? subjectOf(own[0], name) : '';
  return { parents: own, after: decodeToken(args.nextToken, subject, length) };
}

function subjectOf(parent: VulnerabilityParent, name: string): string {
  return innerSubject(parent.subject, name, [parent.key.id, parent.key.account]);
}

export async function innerPages<R extends { at: number }>(
  parents: VulnerabilityParent[],
  name: string,
  args: InnerArguments,
  context: ReportContext,
  read: (
    page: FindingPage,
    keys: VulnerabilityKey[],
    window: { after: Position | undefined; limit: number | undefined },
  ) => Promise<R[]>,
  positionOf: (row: R) => Position,
): Promise<Map<VulnerabilityParent, InnerPage<R>>> {
  const limit = args.limit === undefined || args.limit === null ? undefined : pageLimit(args.limit, context);
  const start = innerStart(parents, name, args, name === 'images' ? 1 : 4);
  const pages = await byPage([...start.parents], async (page, of) => {
    const window = { after: start.after, limit: limit === undefined ? undefined : limit + 1 };
    const rows = await read(
      page,
      of.map(({ key }) => key),
      window,
    );
    const lists = grouped(of, rows);
    return new Map(
      [...lists].map(([parent, list]) => {
        const shown = limit === undefined ? list : list.slice(0, limit);
        context.spend(shown.length);
        const more = shown.length < list.length;
        const nextToken = more ? encodeToken(subjectOf(parent, name), positionOf(shown.at(-1)!)) : null;
        return [parent, { rows: shown, nextToken }] as const;
      }),
    );
  });
  return pages;
}

async function imagePage(parent: VulnerabilityParent, args: InnerArguments, context: ReportContext) {
  return context.batches.load(innerName('images', args), parent, (parents) =>
    innerPages(
      parents,
      'images',
      args,
      context,
      (page, keys, { after, limit }) =>
        imagesBelow(page, keys, {
          after: after === undefined ? undefined : String(after[0]),
          limit: limit ?? context.remaining() + 1,
        }),
      (row) => [row.digest],
    ),
  );
}

/** Images of a vulnerability. */
const images: Resolver = (parent: VulnerabilityParent, args: InnerArguments, context) => {
  const { page, key, whole } = parent;
  const view = (image: { digest: string; image_id: string | null }, findings?: readonly FindingRow[]): ImageParent => ({
    digest: image.digest,
    imageId: image.image_id,
    vulnerability: key.id,
    account: key.account,
    ...{ page, findings },
  });
  if (!whole.images || !asksForWhole(args))
    return imagePage(parent, args, context).then((found) => (found?.rows ?? []).map((row) => view(row)));
  context.spend(whole.images.length);
  return whole.images.map((image) => view(image, whole.findings?.get(image.digest)));
};

/** Numbers of what is below a vulnerability. */
export function count(what: 'images' | 'artifacts'): Resolver {
  return (parent: VulnerabilityParent, _args, context) =>
    parent.whole[what]?.length ??
    context.batches.load(`count ${what}`, parent, (parents) =>
      byPage(parents, async (page, of) => {
        const keys = of.map(({ key }) => key);
        const counts = await (what === 'images' ? countImages(page, keys) : countArtifacts(page, keys));
        return new Map(of.map((one, at) => [one, counts[at] ?? 0]));
      }),
    );
}

/** Links of a vulnerability: those of its records, else the well-known page of its id. */
export const links: Resolver = (parent: { vulnerabilityId: string }, _args, context) =>
  context.batches.load('links', parent, async (parents) => {
    const known = await linksOf(
      context,
      parents.map(({ vulnerabilityId }) => vulnerabilityId),
    );
    return new Map(
      parents.map((one) => {
        const found = known.get(one.vulnerabilityId) ?? [];
        return [one, found.length > 0 ? found : [vulnerabilityPageUrl(one.vulnerabilityId)]];
      }),
    );
  });

/** Tags of an image, as the filter asks for them. */
export const imageTags: Resolver = async (parent: ImageParent, _args, context) => {
  const rows = await context.batches.load('image tags', parent, (parents) =>
    byPage(parents, async (page, of) => {
      const lists = await tagsOfImages(context, page.selection.filter, of);
      return new Map(of.map((one, at) => [one, lists[at]!]));
    }),
  );
  context.spend(rows?.length ?? 0);
  return (rows ?? []).map(tagView);
};

function tagView(row: TagRow) {
  return {
    registryName: row.registry,
    repositoryName: row.repository,
    tagName: row.tag,
    detectedAt: row.detected_at,
    current: row.closed_at === null,
  };
}

/** Packages of an image with the vulnerability. */
export const imageArtifacts: Resolver = (parent: ImageParent, _args, context) => {
  const views = (rows: readonly FindingRow[]) => {
    context.spend(rows.length);
    return rows.map((row) => findingView(row, parent.page));
  };
  if (parent.findings) return views(parent.findings);
  return context.batches
    .load('image artifacts', parent, (parents) =>
      byPage(parents, async (page, of) => grouped(of, await findingsOfImages(page, of))),
    )
    .then((rows) => views(rows ?? []));
};

/** Registries, repositories and tags of a vulnerability. */
const registries: Resolver = async (parent: VulnerabilityParent, _args, context) => {
  const { page, key, whole } = parent;
  const rows =
    whole.tags ??
    (await context.batches.load('registries', parent, (parents) =>
      byPage(parents, async (of, all) => {
        const lists = await tagsOfLists(
          of.selection,
          await imagesOfKeys(
            of,
            all.map((one) => one.key),
          ),
        );
        return new Map(all.map((one, at) => [one, lists[at]!]));
      }),
    )) ??
    [];
  context.spend(rows.length);
  return [...groupBy(rows, (row) => row.registry)].map(([registryName, ofRegistry]) => ({
    registryName,
    repositories: [...groupBy(ofRegistry, (row) => row.repository)].map(([repositoryName, ofRepository]) => ({
      repositoryName,
      tagsCount: new Set(ofRepository.map((row) => row.tag)).size,
      tags: ofRepository.map((row) => ({
        ...tagView(row),
        imageDigest: row.digest,
        digest: row.digest,
        vulnerability: key.id,
        account: key.account,
        ...{ page, findings: whole.findings?.get(row.digest) },
      })),
    })),
  }));
};

/** Lists of rows by a key, in the order of the rows. */
export function groupBy<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const vulnerabilityWithImages = {
  links,
  imagesCount: count('images'),
  images,
  imagesNextToken: async (parent: VulnerabilityParent, args: InnerArguments, context: ReportContext) =>
    (await imagePage(parent, args, context))?.nextToken ?? null,
};

/** Reports on vulnerabilities. */
export const vulnerabilityResolvers: Resolvers = {
  Query: {
    imagesByVulnerability: vulnerabilityList('imagesByVulnerability', 'images'),
    tagsByVulnerability: vulnerabilityList('tagsByVulnerability', 'registries'),
    runtimeInventoryImagesByVulnerability: vulnerabilityList('runtimeInventoryImagesByVulnerability', 'images', {
      runtime: true,
    }),
  },
  ImagesByVulnerability: vulnerabilityWithImages,
  RuntimeInventoryImagesByVulnerability: vulnerabilityWithImages,
  TagsByVulnerability: { links, registries },
  VulnerableImage: { tags: imageTags, artifacts: imageArtifacts },
  RuntimeInventoryVulnerableImage: { tags: imageTags, artifacts: imageArtifacts },
  VulnerableTag: { artifacts: imageArtifacts },
  VulnerableArtifact: FINDING_FIELDS,
};
