import { sql } from 'kysely';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';
import { notOwned, type OwnershipContext, ownedMatches } from './query-ownership.ts';

/** A vulnerability with the packages of the account's images that it matched. */
export interface QueriedVulnerability {
  id: string;
  namespace: string;
  detail: VulnerabilityDetail;
  affected_packages: { name: string; version: string; type: string; will_not_fix: boolean }[];
}

/** Open matches of these ids among the packages of all images of an account, grouped by (id, namespace); without what distributions answer for. */
export async function affectedPackages(
  db: Db,
  account: string,
  ids: string[],
  ownership: OwnershipContext,
): Promise<Map<string, QueriedVulnerability['affected_packages']>> {
  const owned = await ownedMatches(db, account, ids, ownership);
  const { rows } = await sql<{ key: string; name: string; version: string; type: string; will_not_fix: boolean }>`
    select distinct m.namespace || ' ' || m.vulnerability as key, p.name, p.version, p.type, m.fix_state = 'wont-fix' as will_not_fix
    from package_match m
    join package p on p.id = m.package_id
    where m.closed_at is null and m.vulnerability = any(${ids}::text[]) and exists (
      select 1 from image_package ap join image i on i.account = ap.account and i.digest = ap.digest
      where ap.package_id = m.package_id and ap.account = ${account} and i.image_status = 'active' and ${notOwned(owned)})
    order by 1, 2, 3, 4, 5`.execute(db);
  const groups = new Map<string, QueriedVulnerability['affected_packages']>();
  for (const { key, ...pkg } of rows) groups.set(key, [...(groups.get(key) ?? []), pkg]);
  return groups;
}

/** Images of an account that hold a package, with the packages found; oldest first, so that new ones take the last places. */
export async function imagesByPackage(
  db: Db,
  account: string,
  query: { name: string; version?: string | undefined; types?: string[] | undefined },
  page: { limit: number | undefined; offset: number },
) {
  const conditions = [sql`i.account = ${account}`, sql`i.image_status = 'active'`, sql`p.name = ${query.name}`];
  if (query.version) conditions.push(sql`p.version = ${query.version}`);
  if (query.types) conditions.push(sql`p.type = any(${query.types}::text[])`);
  const { rows } = await sql<{
    digest: string;
    image_id: string | null;
    analyzed_at: Date | null;
    packages: { name: string; version: string; type: string }[];
    tags: { registry: string; repository: string; tag: string; detected_at: string }[];
  }>`
    select i.digest, i.image_id, i.analyzed_at,
           jsonb_agg(distinct jsonb_build_object('name', p.name, 'version', p.version, 'type', p.type)) as packages,
           coalesce((select jsonb_agg(jsonb_build_object('registry', t.registry, 'repository', t.repository, 'tag', t.tag,
                       'detected_at', t.detected_at) order by t.detected_at desc)
                     from tag_mapping t where t.account = i.account and t.digest = i.digest), '[]'::jsonb) as tags
    from package p
    join analysis_package ap on ap.package_id = p.id
    join image i on i.analysis_id = ap.analysis_id
    where ${sql.join(conditions, sql` and `)}
    group by i.account, i.digest, i.image_id, i.analyzed_at, i.created_at
    order by i.created_at, i.digest
    ${page.limit === undefined ? sql`` : sql`limit ${page.limit + 1} offset ${page.offset}`}`.execute(db);
  return rows;
}

/** A package that a vulnerability matched, as searches name it. */
export interface VulnerablePackage {
  name: string;
  version: string;
  type: string;
  severity: string;
  namespace: string;
}

/** An image that holds vulnerable packages. */
export interface VulnerableImage {
  digest: string;
  image_id: string | null;
  analyzed_at: Date | null;
  packages: VulnerablePackage[];
  tags: { registry: string; repository: string; tag: string; detected_at: string }[];
}

/** Namespaces in which a vulnerability is recorded. */
export async function namespacesOf(db: Db, vulnerability: string): Promise<string[]> {
  const rows = await db.selectFrom('vulnerability').select('namespace').where('id', '=', vulnerability).execute();
  return rows.map((row) => row.namespace);
}

/** Images of an account with open matches of a vulnerability, ordered by digest; one more than `limit` when there are more. */
export async function imagesByVulnerability(
  db: Db,
  account: string,
  query: {
    vulnerability: string;
    namespaces: string[];
    package?: string | undefined;
    severity?: string | undefined;
    vendorOnly: boolean;
  },
  page: { limit: number | undefined; offset: number },
  ownership: OwnershipContext,
): Promise<VulnerableImage[]> {
  const conditions = [
    notOwned(await ownedMatches(db, account, [query.vulnerability], ownership)),
    sql`i.account = ${account}`,
    sql`i.image_status = 'active'`,
    sql`m.vulnerability = ${query.vulnerability}`,
    sql`m.namespace = any(${query.namespaces}::text[])`,
  ];
  if (query.package) conditions.push(sql`p.name = ${query.package}`);
  if (query.severity) conditions.push(sql`v.severity = ${query.severity}`);
  if (query.vendorOnly) conditions.push(sql`m.fix_state <> 'wont-fix'`);
  const { rows } = await sql<VulnerableImage>`
    select i.digest, i.image_id, i.analyzed_at,
           jsonb_agg(distinct jsonb_build_object('name', p.name, 'version', p.version, 'type', p.type,
                                                 'severity', v.severity, 'namespace', m.namespace)) as packages,
           coalesce((select jsonb_agg(jsonb_build_object('registry', t.registry, 'repository', t.repository, 'tag', t.tag,
                       'detected_at', t.detected_at) order by t.detected_at desc)
                     from tag_mapping t where t.account = i.account and t.digest = i.digest), '[]'::jsonb) as tags
    from package_match m
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    join image_package ap on ap.package_id = m.package_id and ap.account = ${account}
    join package p on p.id = ap.found_package_id
    join image i on i.account = ap.account and i.digest = ap.digest
    where m.closed_at is null and ${sql.join(conditions, sql` and `)}
    group by i.account, i.digest, i.image_id, i.analyzed_at, i.created_at
    order by i.created_at, i.digest
    ${page.limit === undefined ? sql`` : sql`limit ${page.limit + 1} offset ${page.offset}`}`.execute(db);
  return rows;
}
