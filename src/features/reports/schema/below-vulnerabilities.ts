import type { GraphQLResolveInfo } from 'graphql';
import { type ArtifactRow, artifactsBelow } from '../queries/artifact-store.ts';
import { type FindingPage, type FindingRow, findingsOfKeys, imagesOfKeys } from '../queries/finding-rows-store.ts';
import { type TagRow, tagsOfLists } from '../queries/tag-rows-store.ts';
import type { VulnerabilityKey } from '../queries/vulnerability-store.ts';
import { asksForAll, selectedFields } from './lists.ts';
import { readWhole } from './whole-lists.ts';

/** What a list of vulnerabilities has below it. */
export type Inner = 'images' | 'artifacts' | 'registries';

/** Lists below a vulnerability that are read with it, since they are asked for whole. */
export interface WholeLists {
  images?: readonly { digest: string; image_id: string | null }[];
  /** By digest. */
  findings?: ReadonlyMap<string, readonly FindingRow[]>;
  artifacts?: readonly ArtifactRow[];
  tags?: readonly TagRow[];
}

/** Fields of artifacts that tell about the images that have them. */
const OF_PLACES = ['artifactPath', 'detectedAt', 'imagesCount', 'images', 'inheritedFromBase', 'annotationStatus'];

/** Does a list of artifacts need the images that have them? */
export function needsPlaces(info: GraphQLResolveInfo, ...path: string[]): boolean {
  return OF_PLACES.some((name) => selectedFields(info, ...path, name).length > 0);
}

/** What is asked for whole below vulnerabilities, of as many as fit into the answer. */
export async function wholeLists(
  page: FindingPage,
  keys: readonly VulnerabilityKey[],
  inner: Inner,
  info: GraphQLResolveInfo,
): Promise<WholeLists[]> {
  const { context } = page.selection;
  if (!asksForAll(info, 'results', inner)) return keys.map(() => ({}));
  if (inner === 'artifacts') {
    const places = needsPlaces(info, 'results', 'artifacts');
    const deep = selectedFields(info, 'results', 'artifacts', 'images').length > 0;
    return readWhole(
      keys,
      context,
      async (part) => byKey(part, await artifactsBelow(page, part, { places })).map((artifacts) => ({ artifacts })),
      ({ artifacts }) => artifacts.reduce((sum, row) => sum + 1 + (deep ? (row.images ?? 0) : 0), 0),
    );
  }
  const above = inner === 'images' ? ['images'] : ['registries', 'repositories', 'tags'];
  const deep = selectedFields(info, 'results', ...above, 'artifacts').length > 0;
  return readWhole(
    keys,
    context,
    async (part): Promise<WholeLists[]> => {
      const found = deep ? byKey(part, await findingsOfKeys(page, part)).map(byDigest) : undefined;
      const images = found?.map((of) => [...of.values()].map(([row]) => row!)) ?? (await imagesOfKeys(page, part));
      const tags = inner === 'registries' ? await tagsOfLists(page.selection, images) : undefined;
      return part.map((_, at) => ({
        images: images[at]!,
        ...(found ? { findings: found[at]! } : {}),
        ...(tags ? { tags: tags[at]! } : {}),
      }));
    },
    ({ images = [], findings, tags }) =>
      (tags ?? images).reduce((sum, { digest }) => sum + 1 + (findings?.get(digest)?.length ?? 0), 0),
  );
}

function byKey<R extends { at: number }>(keys: readonly VulnerabilityKey[], rows: readonly R[]): R[][] {
  const lists = keys.map((): R[] => []);
  for (const row of rows) lists[row.at - 1]!.push(row);
  return lists;
}

function byDigest(rows: readonly FindingRow[]): Map<string, FindingRow[]> {
  const lists = new Map<string, FindingRow[]>();
  for (const row of rows) {
    const list = lists.get(row.digest);
    if (list) list.push(row);
    else lists.set(row.digest, [row]);
  }
  return lists;
}
