import { sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { all, currentTag, tagConditions } from './conditions.ts';
import type { ImageSelection } from './filters.ts';
import type { FindingSelection } from './findings.ts';

/** What a tag points, or pointed, to. */
export interface TagRow {
  registry: string;
  repository: string;
  tag: string;
  digest: string;
  detected_at: Date;
  closed_at: Date | null;
}

interface ImageKey {
  account: string;
  digest: string;
}

const nameOf = ({ account, digest }: ImageKey) => `${account}\n${digest}`;

/** Tags of images that a filter asks for, in their order, with the place of each among all of them; by `nameOf`. */
async function placedTags(
  context: ReportContext,
  filter: ImageSelection,
  images: readonly ImageKey[],
): Promise<Map<string, { row: TagRow; place: number }[]>> {
  const wanted = [...new Map(images.map((image) => [nameOf(image), image])).values()];
  const rows = await context.rows<TagRow & { account: string }>(sql`
    select t.account, t.registry, t.repository, t.tag, t.digest, t.detected_at, t.closed_at
    from unnest(${wanted.map(({ account }) => account)}::text[], ${wanted.map(({ digest }) => digest)}::text[]) k(account, digest)
    join tag_mapping t on t.account = k.account and t.digest = k.digest
    where ${all([currentTag(filter.tag), ...tagConditions(filter)])}
    order by t.registry collate "C", t.repository collate "C", t.tag collate "C", t.detected_at desc, t.id desc`);
  const tags = new Map<string, { row: TagRow; place: number }[]>();
  for (const [place, row] of rows.entries()) {
    const of = tags.get(nameOf(row));
    if (of) of.push({ row, place });
    else tags.set(nameOf(row), [{ row, place }]);
  }
  return tags;
}

/** Tags of each image that a filter asks for. */
export async function tagsOfImages(
  context: ReportContext,
  filter: ImageSelection,
  images: readonly ImageKey[],
): Promise<TagRow[][]> {
  const tags = await placedTags(context, filter, images);
  return images.map((image) => (tags.get(nameOf(image)) ?? []).map(({ row }) => row));
}

/** Tags that point, or pointed, to an image of each list. Each is read once: lists share most of their images. */
export async function tagsOfLists(
  { context, filter }: FindingSelection,
  lists: readonly (readonly ImageKey[])[],
): Promise<TagRow[][]> {
  const tags = await placedTags(context, filter, lists.flat());
  return lists.map((images) =>
    images
      .flatMap((image) => tags.get(nameOf(image)) ?? [])
      .sort((a, b) => a.place - b.place)
      .map(({ row }) => row),
  );
}
