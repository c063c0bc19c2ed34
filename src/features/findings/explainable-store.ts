import { sql } from 'kysely';
import type { SuppressedMatch } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';
import type { CoveredPackage, FindingRow } from './finding-store.ts';

/** Which findings of an analysis are asked for: of any of these vulnerabilities, or of any of these packages. */
export type FindingSelection = { vulnerabilities: string[] } | { packageIds: number[] };

/** A finding with the build of the data that opened it as it stands now. */
export interface DatedFinding extends FindingRow {
  opened_at: Date;
  opened_by_build: string;
}

/** Findings that one question reads at most. */
const MAX_ROWS = 5_000;

/** Open matches of an analysis that a question is about. */
export async function selectedFindings(
  db: Db,
  account: string,
  analysisId: number,
  selection: FindingSelection,
): Promise<DatedFinding[]> {
  const { rows } = await sql<DatedFinding>`
    select ap.package_id, ap.document_id, ap.path, ap.layer, ap.owned_by, p.type, p.name, p.version, p.purl,
           m.evidence as match, v.detail, m.first_seen_at, m.fix_observed_at, m.opened_at, m.opened_by_build, ap.corrections
    from image_package ap
    join package p on p.id = ap.found_package_id
    join package_match m on m.package_id = ap.package_id and m.closed_at is null
    join vulnerability v on v.id = m.vulnerability and v.namespace = m.namespace
    where ap.account = ${account} and ap.analysis_id = ${analysisId} and ${condition(selection)}
    order by m.vulnerability, p.name, p.version, ap.path, m.namespace
    limit ${MAX_ROWS}`.execute(db);
  return rows;
}

/** Matches of an analysis that a rule took away when its packages were matched. */
export async function selectedSuppressed(
  db: Db,
  account: string,
  analysisId: number,
  selection: FindingSelection,
): Promise<{ document_id: string; match: SuppressedMatch }[]> {
  const { rows } = await sql<{ document_id: string; match: SuppressedMatch }>`
    select ap.document_id, m.evidence as match
    from image_package ap
    join suppressed_match m on m.package_id = ap.package_id
    where ap.account = ${account} and ap.analysis_id = ${analysisId} and ${condition(selection)}
    order by m.vulnerability, ap.document_id
    limit ${MAX_ROWS}`.execute(db);
  return rows;
}

function condition(selection: FindingSelection) {
  return 'vulnerabilities' in selection
    ? sql`m.vulnerability = any(${selection.vulnerabilities}::text[])`
    : sql`m.package_id = any(${selection.packageIds}::bigint[])`;
}

/** A package of an analysis, and where it lies. */
export interface PlacedPackage extends CoveredPackage {
  layer: string | null;
  purl: string | null;
  /** Corrections of the account that it is matched with; its name and version are those found in the image. */
  corrections: string[] | null;
}

/** All packages of an analysis with their places. */
export async function placedPackages(db: Db, account: string, analysisId: number): Promise<PlacedPackage[]> {
  const { rows } = await sql<PlacedPackage>`
    select ap.package_id, ap.document_id, ap.path, ap.layer, ap.owned_by, ap.left_to_owner, f.type, f.name, f.version,
           f.purl, p.coverage, p.matched_with, p.matchable, ap.corrections
    from image_package ap
    join package p on p.id = ap.package_id
    join package f on f.id = ap.found_package_id
    where ap.account = ${account} and ap.analysis_id = ${analysisId}
    order by f.type, f.name, f.version, ap.path`.execute(db);
  return rows;
}
