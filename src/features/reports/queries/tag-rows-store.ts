import { sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { all, currentTag, tagConditions } from './conditions.ts';
import type { ImageSelection } from './filters.ts';
import { type FindingPage, findingSets, findingsOfKeys, keyTable } from './finding-rows-store.ts';
import type { VulnerabilityKey } from './vulnerability-store.ts';

/** What a tag points, or pointed, to. */
export interface TagRow {
  registry: string;
  repository: string;
  tag: string;
  digest: string;
  detected_at: Date;
  closed_at: Date | null;
}

const COLUMNS = sql`t.registry, t.repository, t.tag, t.digest, t.detected_at, t.closed_at`;
const ORDER = sql`t.registry collate "C", t.repository collate "C", t.tag collate "C", t.detected_at desc, t.id desc`;

/** Tags of images that a filter asks for, with the place of the image in `images`, from 1. */
export function tagsOfImages(
  context: ReportContext,
  filter: ImageSelection,
  images: readonly { account: string; digest: string }[],
): Promise<(TagRow & { at: number })[]> {
  return context.rows<TagRow & { at: number }>(sql`
    select k.at::int as at, ${COLUMNS}
    from unnest(${images.map(({ account }) => account)}::text[], ${images.map(({ digest }) => digest)}::text[])
      with ordinality k(account, digest, at)
    join tag_mapping t on t.account = k.account and t.digest = k.digest
    where ${all([currentTag(filter.tag), ...tagConditions(filter)])}
    order by at, ${ORDER}`);
}

/** Tags that point, or pointed, to an image with the vulnerability of a key; `at` is the place of the key, from 1. */
export function tagsBelow(page: FindingPage, keys: readonly VulnerabilityKey[]): Promise<(TagRow & { at: number })[]> {
  const { filter, context } = page.selection;
  const images = sql`select distinct k.at::int as at, ap.account, ap.digest ${findingsOfKeys(page, keyTable(keys))}`;
  return context.rows<TagRow & { at: number }>(sql`
    ${findingSets(page)}
    select f.at, ${COLUMNS} from (${images}) f
    join tag_mapping t on t.account = f.account and t.digest = f.digest
    where ${all([currentTag(filter.tag), ...tagConditions(filter)])}
    order by at, ${ORDER}`);
}
