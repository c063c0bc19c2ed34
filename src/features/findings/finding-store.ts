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
  /** Corrections of the account that the package was matched with. */
  corrections?: string[] | null;
  /** What was judged about it. */
  annotation?: FindingAnnotation;
}

/** A judgement about a finding: of the account's people, or of an imported VEX document. */
export interface FindingAnnotation {
  source: 'annotation' | 'vex';
  /** Of the annotation, or of the VEX document. */
  uuid: string;
  status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  justification?: string;
  statusNotes?: string;
  impactStatement?: string;
  actionStatement?: string;
  /** Who says so. */
  author?: string;
  /** RFC 3339. */
  createdAt?: string;
  updatedAt?: string;
}

/** Where the packages of an analysis are listed as an account corrects them: it is of an image, or of a source. */
export type PackageView = 'image_package' | 'source_package';

/**
 * Open matches of all packages of an analysis, as the account corrects them; names and versions are those found in the
 * image. Overlays (ownership, annotations, vendor_only …) are the caller's.
 */
export async function findingsOf(
  db: Db,
  account: string,
  analysisId: number,
  view: PackageView = 'image_package',
): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    select ap.package_id, ap.document_id, ap.path, ap.layer, ap.owned_by, p.type, p.name, p.version, p.purl,
           m.evidence as match, v.detail, m.first_seen_at, m.fix_observed_at, ap.corrections
    from ${sql.table(view)} ap
    join package p on p.id = ap.found_package_id
    join package_match m on m.package_id = ap.package_id and m.closed_at is null
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where ap.account = ${account} and ap.analysis_id = ${analysisId}
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

export async function suppressedOf(db: Db, account: string, analysisId: number): Promise<SuppressedRow[]> {
  const { rows } = await sql<SuppressedRow>`
    select ap.document_id, ap.path, p.type, p.name, p.version, s.evidence as match
    from image_package ap
    join package p on p.id = ap.found_package_id
    join suppressed_match s on s.package_id = ap.package_id
    where ap.account = ${account} and ap.analysis_id = ${analysisId}
    order by s.vulnerability, p.name, ap.path`.execute(db);
  return rows;
}

/** A match that the package as found has, and the package as the account corrects it has not. */
export interface CorrectedAway extends Omit<SuppressedRow, 'match'> {
  match: Match;
  corrections: string[];
}

/** Matches that corrections of the account took away. */
export async function correctedAwayOf(db: Db, account: string, analysisId: number): Promise<CorrectedAway[]> {
  const { rows } = await sql<CorrectedAway>`
    select ap.document_id, ap.path, p.type, p.name, p.version, m.evidence as match, ap.corrections
    from image_package ap
    join package p on p.id = ap.found_package_id
    join package_match m on m.package_id = ap.found_package_id and m.closed_at is null
    where ap.account = ${account} and ap.analysis_id = ${analysisId} and ap.corrections is not null and not exists (
      select 1 from package_match n
      where n.package_id = ap.package_id and n.closed_at is null
        and n.vulnerability = m.vulnerability and n.namespace = m.namespace)
    order by m.vulnerability, p.name, ap.path`.execute(db);
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

export async function packagesOf(
  db: Db,
  account: string,
  analysisId: number,
  view: PackageView = 'image_package',
): Promise<CoveredPackage[]> {
  const { rows } = await sql<CoveredPackage>`
    select ap.package_id, ap.document_id, ap.path, ap.owned_by, ap.left_to_owner, f.type, f.name, f.version, p.coverage,
           p.matched_with, p.matchable
    from ${sql.table(view)} ap
    join package p on p.id = ap.package_id
    join package f on f.id = ap.found_package_id
    where ap.account = ${account} and ap.analysis_id = ${analysisId}
    order by f.type, f.name, f.version, ap.path`.execute(db);
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
