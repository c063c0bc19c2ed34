import { sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import type { AnnotationRow } from '#features/annotations/index.ts';
import type { AnnotatedImage } from '#features/findings/index.ts';
import { all, inScope } from './conditions.ts';
import type { FindingSelection } from './findings.ts';
import { packagesMatchedAs } from './packages.ts';

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

/**
 * Findings of an account that may have been judged: those about which documents state something, and those of annotated
 * images. `within`: only these vulnerabilities.
 */
export function judgeableRows(
  { context, filter }: FindingSelection,
  { account, annotated, stated }: JudgedIds,
  within: readonly string[] | undefined,
  limit: number,
): Promise<JudgeableRow[]> {
  const named = (names: string[]) =>
    sql`(v.id = any(${spellings(names)}::text[]) or (v.detail -> 'aliases') ?| ${spellings(names)}::text[])`;
  return context.rows<JudgeableRow>(sql`
    with named as materialized (
      select v.id, v.namespace, v.detail -> 'aliases' as aliases, ${named(stated)} as stated from vulnerability v
      where ${named([...annotated, ...stated])}
        ${within ? sql`and v.id = any(${within as string[]}::text[])` : sql``})
    select ap.digest, ap.document_id, m.vulnerability, m.namespace, p.name, p.version, p.type, p.purl,
      n.aliases, m.evidence -> 'aliases' as match_aliases
    from named n
    join package_match m on m.vulnerability = n.id and m.namespace = n.namespace
    join ${packagesMatchedAs(sql`m.package_id`)} ap on ap.account = ${account}
    join package p on p.id = ap.found_package_id
    where (n.stated or ap.digest in (select digest from vulnerability_annotation where account = ${account}))
      ${filter.vulnerability?.currentOnly === false ? sql`` : sql`and m.closed_at is null`}
    limit ${limit}`);
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
