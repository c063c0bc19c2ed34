import { type RawBuilder, sql } from 'kysely';
import { OS_PACKAGE_TYPES, type PackageType } from '#engine/model/package.ts';
import type { MatchablePackage, MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** What the rules of ownership are read with. */
export interface OwnershipContext {
  index: VulnerabilityIndex | undefined;
  settings: MatchSettings;
}

/** A vulnerability of a package that does not count where this OS package owns the package. */
export interface OwnedMatch {
  package_id: number;
  owner_id: number;
  vulnerability: string;
  /** Records of one vulnerability may have other aliases in other namespaces. */
  namespace: string;
}

/**
 * Which matches of these vulnerabilities the distribution answers for, over all images of an account: the rule of
 * `splitByOwnership` for many images at once, each package as the account corrects it. Matches left to owners as a whole
 * are not among them, see `left_to_owner`.
 */
export async function ownedMatches(
  db: Db,
  account: string,
  vulnerabilities: string[],
  { index, settings }: OwnershipContext,
): Promise<OwnedMatch[]> {
  if (!index || vulnerabilities.length === 0) return [];
  const { rows } = await sql<
    OwnedMatch & { type: PackageType; owner_type: PackageType; owner: MatchablePackage; aliases: string[] | null }
  >`
    select distinct ap.package_id, w.id as owner_id, m.vulnerability, m.namespace, p.type, w.type as owner_type,
           w.matchable as owner, m.evidence -> 'aliases' as aliases
    from package_match m
    join image_package ap on ap.package_id = m.package_id and ap.account = ${account} and not ap.left_to_owner
    join package p on p.id = ap.package_id
    join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by
    ${correctedOwner(sql`${account}`)}
    join package w on w.id = coalesce(z.package_id, o.package_id)
    where m.closed_at is null and m.vulnerability = any(${vulnerabilities}::text[])`.execute(db);
  const ruled = new Map<number, Set<string>>();
  const ruledOut = (id: number, owner: MatchablePackage): Set<string> => {
    const known = ruled.get(id) ?? index.ruledOut(owner, settings);
    ruled.set(id, known);
    return known;
  };
  return rows
    .filter(
      ({ type, owner_type, owner_id, owner, vulnerability, aliases }) =>
        !OS_PACKAGE_TYPES.has(type) &&
        OS_PACKAGE_TYPES.has(owner_type) &&
        [vulnerability, ...(aliases ?? [])].some((name) => ruledOut(owner_id, owner).has(name)),
    )
    .map(({ package_id, owner_id, vulnerability, namespace }) => ({ package_id, owner_id, vulnerability, namespace }));
}

/** Joins what stands for `analysis_package o` where the account corrects it, as `z`. */
function correctedOwner(account: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`left join analysis_package_override z
    on z.account = ${account} and z.analysis_id = o.analysis_id and z.document_id = o.document_id`;
}

/** Condition over `image_package ap` and `package_match m`: an image's package counts, nobody answers for it. */
export function notOwned(owned: readonly OwnedMatch[]) {
  if (owned.length === 0) return sql`not ap.left_to_owner`;
  return sql`not ap.left_to_owner and not exists (
    select 1 from jsonb_to_recordset(${json(owned)}::jsonb) as x(package_id bigint, owner_id bigint, vulnerability text, namespace text)
    join analysis_package o on o.analysis_id = ap.analysis_id and o.document_id = ap.owned_by
    ${correctedOwner(sql`ap.account`)}
    where x.package_id = ap.package_id and x.vulnerability = m.vulnerability and x.namespace = m.namespace
      and coalesce(z.package_id, o.package_id) = x.owner_id)`;
}
