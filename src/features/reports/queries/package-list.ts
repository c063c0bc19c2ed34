import { sql } from 'kysely';
import type { ReportContext } from '../execution/context.ts';
import { all, artifactConditions } from './conditions.ts';
import type { ArtifactFilter } from './filters.ts';

/** Packages that were looked up once, for all statements of a document. */
export interface PackageList {
  /** As they were found. */
  found: number[];
  /** As they are matched where accounts correct them. */
  matched: number[];
}

/** So many packages are listed at most: beyond, conditions tell which. */
const MOST = 5_000;

/** Packages that a filter names; undefined when it names none, or too many. */
export async function listedPackages(
  context: ReportContext,
  filter: ArtifactFilter | null | undefined,
  corrected: boolean,
): Promise<PackageList | undefined> {
  const { name, version } = filter ?? {};
  // A type alone fits a large part of all packages.
  if ((name ?? version ?? undefined) === undefined) return undefined;
  const rows = await context.rows<{ id: number }>(sql`
    select p.id from package p where ${all(artifactConditions(filter))} limit ${MOST + 1}`);
  if (rows.length > MOST) return undefined;
  const found = rows.map(({ id }) => id);
  if (!corrected) return { found, matched: [] };
  const matched = await context.rows<{ id: number }>(sql`
    select distinct x.package_id as id from analysis_package_override x
    join analysis_package ap on ap.analysis_id = x.analysis_id and ap.document_id = x.document_id
    where ap.package_id = any(${found}::bigint[])`);
  return { found, matched: matched.map(({ id }) => id) };
}
