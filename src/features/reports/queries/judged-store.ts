import { type RawBuilder, sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import type { AnnotationRow } from '#features/annotations/index.ts';
import type { AnnotatedImage } from '#features/findings/index.ts';
import { all, type Condition, inScope } from './conditions.ts';
import type { FindingSelection } from './findings.ts';

/** Vulnerabilities that an account judged. */
export interface JudgedIds {
  account: string;
  /** As people wrote them. */
  annotated: string[];
  /** Of imported documents, in upper case. */
  stated: string[];
}

/** Vulnerabilities that the accounts of a selection judged, by account. */
export async function judgedIds({ context, filter }: FindingSelection): Promise<JudgedIds[]> {
  return context.rows<JudgedIds>(sql`
    select a.name as account,
      array(select distinct n.vulnerability_id from vulnerability_annotation n where n.account = a.name) as annotated,
      array(select distinct upper(x) from vex_statement s cross join unnest(s.vulnerability_ids) x
            where s.account = a.name) as stated
    from account a
    where ${all([
      inScope('a.name', context, filter),
      sql`(exists (select 1 from vulnerability_annotation n where n.account = a.name)
        or exists (select 1 from vex_statement s where s.account = a.name))`,
    ])}`);
}

/** A finding as far as judgements go by it. */
export interface JudgeableRow {
  digest: string;
  document_id: string;
  vulnerability: string;
  namespace: string;
  name: string;
  version: string;
  type: PackageType;
  purl: string | null;
  aliases: string[] | null;
  match_aliases: string[] | null;
}

/** Ids in the spellings under which records are stored. */
function spellings(ids: readonly string[]): string[] {
  const ghsa = (id: string) => (/^GHSA-/i.test(id) ? `GHSA-${id.slice(5).toLowerCase()}` : id);
  return [...new Set(ids.flatMap((id) => [id, id.toUpperCase(), ghsa(id)]))];
}

/** Which findings are looked at for judgements. */
export interface JudgeableWindow {
  /** Only these vulnerabilities; undefined: all that were judged. */
  ids: readonly string[] | undefined;
  /** Only these images; undefined: all. */
  digests: readonly string[] | undefined;
  limit: number;
}

/**
 * Findings of an account that may have been judged: those about which documents state something, and those of annotated
 * images.
 */
export function judgeableRows(
  selection: FindingSelection,
  { account, annotated, stated }: JudgedIds,
  { ids, digests, limit }: JudgeableWindow,
): Promise<JudgeableRow[]> {
  const of = (names: string[], where: readonly Condition[]) => {
    const known = spellings(names);
    const named = sql`(
      select v.id, v.namespace, v.detail -> 'aliases' as aliases from vulnerability v
      where ${all([
        sql`(v.id = any(${known}::text[]) or (v.detail -> 'aliases') ?| ${known}::text[])`,
        ids ? sql`v.id = any(${ids as string[]}::text[])` : undefined,
      ])} offset 0) n`;
    const half = (from: RawBuilder<unknown>, on: Condition) => sql`
      select i.digest, ap.document_id, m.vulnerability, m.namespace, p.name, p.version, p.type, p.purl,
        n.aliases, m.evidence -> 'aliases' as match_aliases
      from ${named}
      join package_match m on m.vulnerability = n.id and m.namespace = n.namespace
      ${from}
      join package p on p.id = ap.package_id
      join image i on i.analysis_id = ap.analysis_id
      where ${all([
        on,
        sql`not ap.left_to_owner and i.account = ${account} and i.image_status = 'active'`,
        digests ? sql`i.digest = any(${digests as string[]}::text[])` : undefined,
        selection.filter.vulnerability?.currentOnly === false ? undefined : sql`m.closed_at is null`,
        ...where,
      ])}`;
    const found = half(
      sql`join analysis_package ap on ap.package_id = m.package_id`,
      selection.corrected
        ? sql`not exists (select 1 from analysis_package_override x
            where x.account = i.account and x.analysis_id = ap.analysis_id and x.document_id = ap.document_id)`
        : undefined,
    );
    if (!selection.corrected) return found;
    const corrected = half(
      sql`join analysis_package_override x on x.package_id = m.package_id
        join analysis_package ap on ap.analysis_id = x.analysis_id and ap.document_id = x.document_id`,
      sql`x.account = i.account`,
    );
    return sql`${found} union ${corrected}`;
  };
  const annotatedImage = sql`i.digest in (select a.digest from vulnerability_annotation a where a.account = ${account})`;
  const parts = [
    ...(annotated.length > 0 ? [of(annotated, [annotatedImage])] : []),
    ...(stated.length > 0 ? [of(stated, [])] : []),
  ];
  if (parts.length === 0) return Promise.resolve([]);
  return selection.context.rows<JudgeableRow>(sql`${sql.join(parts, sql` union `)} limit ${limit}`);
}

/** Annotations of an account by image, the oldest first. */
export async function annotationsOfAccount(
  { context }: FindingSelection,
  account: string,
): Promise<Map<string, AnnotationRow[]>> {
  const rows = await context.rows<AnnotationRow>(sql`
    select * from vulnerability_annotation where account = ${account} order by created_at, uuid`);
  const byImage = new Map<string, AnnotationRow[]>();
  for (const row of rows) byImage.set(row.digest, [...(byImage.get(row.digest) ?? []), row]);
  return byImage;
}

/** What documents may call the images of an account. */
export async function namesOfImages(
  { context }: FindingSelection,
  account: string,
  digests: readonly string[],
): Promise<Map<string, AnnotatedImage>> {
  const rows = await context.rows<AnnotatedImage>(sql`
    select i.digest, i.parent_digest, i.image_id,
      coalesce((select jsonb_agg(jsonb_build_object('registry', t.registry, 'repository', t.repository, 'tag', t.tag))
                from tag_mapping t where t.account = i.account and t.digest = i.digest), '[]') as tags
    from image i where i.account = ${account} and i.digest = any(${digests as string[]}::text[])`);
  return new Map(rows.map((row) => [row.digest, row]));
}
