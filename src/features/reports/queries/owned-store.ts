import { sql } from 'kysely';
import { OS_PACKAGE_TYPES, type PackageType } from '#engine/model/package.ts';
import type { MatchablePackage } from '#engine/vulnerabilities/types.ts';
import type { ReportContext } from '../execution/context.ts';

/** A vulnerability of a package that does not count where this OS package owns the package. */
export interface OwnedMatch {
  package_id: number;
  owner_id: number;
  vulnerability: string;
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
    with pairs as (
      select distinct ap.package_id, o.package_id as owner_id
      from analysis_package ap
      join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by
      where ap.owned_by is not null and not ap.left_to_owner
        ${ids ? sql`and exists (select 1 from package_match m where m.package_id = ap.package_id and m.vulnerability = any(${ids}::text[]))` : sql``}
      union
      select x.package_id, o.package_id
      from analysis_package_override x
      join analysis_package ap on ap.analysis_id = x.analysis_id and ap.document_id = x.document_id
      join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by
      where not ap.left_to_owner)
    select distinct s.package_id, s.owner_id, m.vulnerability, w.matchable as owner, m.evidence -> 'aliases' as aliases
    from pairs s
    join package p on p.id = s.package_id and p.type <> all(${os}::text[])
    join package w on w.id = s.owner_id and w.type = any(${os}::text[])
    join package_match m on m.package_id = s.package_id
      ${ids ? sql`and m.vulnerability = any(${ids}::text[])` : sql``}`);
  const ruled = new Map<number, Set<string>>();
  const ruledOut = (id: number, owner: MatchablePackage): Set<string> => {
    const known = ruled.get(id) ?? index.ruledOut(owner, settings);
    ruled.set(id, known);
    return known;
  };
  const found = rows.filter(({ owner_id, owner, vulnerability, aliases }) =>
    [vulnerability, ...(aliases ?? [])].some((name) => ruledOut(owner_id, owner).has(name)),
  );
  return found.map(({ package_id, owner_id, vulnerability }) => ({ package_id, owner_id, vulnerability }));
}
