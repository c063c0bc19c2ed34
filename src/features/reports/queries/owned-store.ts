import { type RawBuilder, sql } from 'kysely';
import { OS_PACKAGE_TYPES, type PackageType } from '#engine/model/package.ts';
import type { MatchablePackage } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import type { ReportContext } from '../execution/context.ts';

/** A vulnerability of a package that does not count where this OS package owns the package. */
export interface OwnedMatch {
  package_id: number;
  owner_id: number;
  vulnerability: string;
  /** Records of one vulnerability may have other aliases in other namespaces. */
  namespace: string;
}

/** Packages with the OS packages that own them somewhere, each as it is matched. `within`: only packages matched for that. */
function pairs(within: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  const only = (id: RawBuilder<unknown>) => (within ? sql`and ${id} in (select package_id from ${within})` : sql``);
  const owner = sql`join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by`;
  return sql`
    select distinct ap.package_id, o.package_id as owner_id
    from analysis_package ap ${owner}
    where ap.owned_by is not null and not ap.left_to_owner ${only(sql`ap.package_id`)}
    union
    select coalesce(x.package_id, ap.package_id), coalesce(y.package_id, o.package_id)
    from (select distinct account, analysis_id from analysis_package_override) c
    join analysis_package ap on ap.analysis_id = c.analysis_id and ap.owned_by is not null and not ap.left_to_owner
    ${owner}
    left join analysis_package_override x on x.account = c.account and x.analysis_id = ap.analysis_id and x.document_id = ap.document_id
    left join analysis_package_override y on y.account = c.account and y.analysis_id = o.analysis_id and y.document_id = o.document_id
    where (x.package_id is not null or y.package_id is not null) ${only(sql`coalesce(x.package_id, ap.package_id)`)}`;
}

/**
 * Which matches of these vulnerabilities (none named: of all) a distribution answers for, in images of any account: the
 * rule is about packages and does not tell who has them.
 */
export async function ownedMatches(
  context: Pick<ReportContext, 'index' | 'settings' | 'rows'>,
  ids: readonly string[] | undefined,
): Promise<OwnedMatch[]> {
  const { index, settings } = context;
  if (!index || ids?.length === 0) return [];
  const os = [...OS_PACKAGE_TYPES];
  const rows = await context.rows<
    OwnedMatch & { type: PackageType; owner: MatchablePackage; aliases: string[] | null }
  >(sql`
    with ${
      ids
        ? sql`hit as materialized (
            select m.package_id, m.vulnerability, m.namespace, m.evidence -> 'aliases' as aliases from package_match m
            join package p on p.id = m.package_id and p.type <> all(${os}::text[])
            where m.vulnerability = any(${ids as string[]}::text[])),`
        : sql``
    } pairs as (${pairs(ids ? sql`hit` : undefined)})
    select distinct s.package_id, s.owner_id, m.vulnerability, m.namespace, w.matchable as owner, m.aliases
    from pairs s
    join package w on w.id = s.owner_id and w.type = any(${os}::text[])
    join ${
      ids
        ? sql`hit m on m.package_id = s.package_id`
        : sql`(select m.package_id, m.vulnerability, m.namespace, m.evidence -> 'aliases' as aliases from package_match m) m
            on m.package_id = s.package_id
          join package p on p.id = s.package_id and p.type <> all(${os}::text[])`
    }`);
  const ruled = new Map<number, Set<string>>();
  const ruledOut = (id: number, owner: MatchablePackage): Set<string> => {
    const known = ruled.get(id) ?? index.ruledOut(owner, settings);
    ruled.set(id, known);
    return known;
  };
  const found = rows.filter(({ owner_id, owner, vulnerability, aliases }) =>
    [vulnerability, ...(aliases ?? [])].some((name) => ruledOut(owner_id, owner).has(name)),
  );
  return found.map(({ package_id, owner_id, vulnerability, namespace }) => ({
    package_id,
    owner_id,
    vulnerability,
    namespace,
  }));
}

/** The place of a package in an image, and what it is matched as. */
const FINDING = { place: sql`ap`, account: sql`i.account`, matchedAs: sql`m.package_id` };

/** Condition that leaves out what a distribution answers for; of matches `m`. Owners count as the account corrects them. */
export function notOwned(
  owned: readonly OwnedMatch[],
  { place, account, matchedAs } = FINDING,
): RawBuilder<unknown> | undefined {
  if (owned.length === 0) return undefined;
  return sql`not exists (
    select 1 from jsonb_to_recordset(${json(owned)}::jsonb) as w(package_id bigint, owner_id bigint, vulnerability text, namespace text)
    join analysis_package o on o.analysis_id = ${place}.analysis_id and o.document_id = ${place}.owned_by
    left join analysis_package_override z
      on z.account = ${account} and z.analysis_id = o.analysis_id and z.document_id = o.document_id
    where w.package_id = ${matchedAs} and w.vulnerability = m.vulnerability and w.namespace = m.namespace
      and coalesce(z.package_id, o.package_id) = w.owner_id)`;
}
