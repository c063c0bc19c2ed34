import { sql } from 'kysely';
import type { PackageType } from '#engine/model/package.ts';
import type {
  Coverage,
  Match,
  MatchablePackage,
  SuppressedMatch,
  VulnerabilityDetail,
} from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';

/** One open match of one package of an image, with the facts of its vulnerability. */
export interface FindingRow {
  package_id: number;
  /** `Package.id` in the analysis document. */
  document_id: string;
  path: string;
  layer: string | null;
  owned_by: string | null;
  type: PackageType;
  name: string;
  version: string;
  purl: string | null;
  match: Match;
  detail: VulnerabilityDetail;
  first_seen_at: Date;
  fix_observed_at: Date | null;
}

/** Open matches of all packages of an analysis. Overlays (ownership, vendor_only …) are the caller's. */
export async function findingsOf(db: Db, analysisId: number): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    select ap.package_id, ap.document_id, ap.path, ap.layer, ap.owned_by, p.type, p.name, p.version, p.purl,
           m.evidence as match, v.detail, m.first_seen_at, m.fix_observed_at
    from analysis_package ap
    join package p on p.id = ap.package_id
    join package_match m on m.package_id = ap.package_id and m.closed_at is null
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where ap.analysis_id = ${analysisId}
    order by m.vulnerability, p.name, p.version, ap.path, m.namespace`.execute(db);
  return rows;
}

/** A match that a rule took away, with the package it was about. */
export interface SuppressedRow {
  document_id: string;
  path: string;
  type: PackageType;
  name: string;
  version: string;
  match: SuppressedMatch;
}

export async function suppressedOf(db: Db, analysisId: number): Promise<SuppressedRow[]> {
  const { rows } = await sql<SuppressedRow>`
    select ap.document_id, ap.path, p.type, p.name, p.version, s.evidence as match
    from analysis_package ap
    join package p on p.id = ap.package_id
    join suppressed_match s on s.package_id = ap.package_id
    where ap.analysis_id = ${analysisId}
    order by s.vulnerability, p.name, ap.path`.execute(db);
  return rows;
}

/** A package of an analysis with the state of its data. */
export interface CoveredPackage {
  package_id: number;
  document_id: string;
  path: string;
  owned_by: string | null;
  left_to_owner: boolean;
  type: PackageType;
  name: string;
  version: string;
  coverage: Coverage;
  matched_with: string | null;
  matchable: MatchablePackage;
}

export async function packagesOf(db: Db, analysisId: number): Promise<CoveredPackage[]> {
  const { rows } = await sql<CoveredPackage>`
    select ap.package_id, ap.document_id, ap.path, ap.owned_by, ap.left_to_owner, p.type, p.name, p.version, p.coverage, p.matched_with, p.matchable
    from analysis_package ap join package p on p.id = ap.package_id
    where ap.analysis_id = ${analysisId}
    order by p.type, p.name, p.version, ap.path`.execute(db);
  return rows;
}

/** NVD's records of these CVE ids, as far as they are stored. */
export async function nvdDetails(db: Db, cves: string[]): Promise<Map<string, VulnerabilityDetail>> {
  if (cves.length === 0) return new Map();
  const rows = await db
    .selectFrom('vulnerability')
    .select(['id', 'detail'])
    .where('namespace', '=', 'nvd:cpe')
    .where('id', '=', sql<string>`any(${cves}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.detail as unknown as VulnerabilityDetail]));
}
