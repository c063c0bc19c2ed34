import { sql } from 'kysely';
import type { PackageIdentifier, VulnerabilityAnnotation } from '#contract/vulnerability-annotations.ts';
import { storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** An annotation as stored. */
export interface AnnotationRow {
  uuid: string;
  account: string;
  digest: string;
  vulnerability_id: string;
  package_name: string | null;
  package_version: string | null;
  package_type: string | null;
  status: VulnerabilityAnnotation['status'];
  justification: VulnerabilityAnnotation['justification'];
  status_notes: string | null;
  impact_statement: string | null;
  action_statement: string | null;
  additional_details: string | null;
  author: string;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Selects annotations of an image. */
export interface AnnotationFilter {
  vulnerability_id?: string | undefined;
  package_name?: string | undefined;
  package_version?: string | undefined;
  package_type?: string | undefined;
}

/** Annotations of an image, the oldest first. */
export async function listAnnotations(
  db: Db,
  account: string,
  digest: string,
  filter: AnnotationFilter = {},
): Promise<AnnotationRow[]> {
  let query = db
    .selectFrom('vulnerability_annotation')
    .selectAll()
    .where('account', '=', account)
    .where('digest', '=', digest);
  for (const name of ['vulnerability_id', 'package_name', 'package_version', 'package_type'] as const) {
    const wanted = filter[name];
    if (wanted !== undefined) query = query.where(name, '=', storableText(wanted));
  }
  return (await query.orderBy('created_at').orderBy('uuid').execute()) as AnnotationRow[];
}

export async function findAnnotation(
  db: Db,
  account: string,
  digest: string,
  uuid: string,
): Promise<AnnotationRow | undefined> {
  const row = await db
    .selectFrom('vulnerability_annotation')
    .selectAll()
    .where('account', '=', account)
    .where('digest', '=', digest)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return row as AnnotationRow | undefined;
}

/** What people say of a finding. */
export type AnnotationContent = Pick<
  AnnotationRow,
  | 'vulnerability_id'
  | 'status'
  | 'justification'
  | 'status_notes'
  | 'impact_statement'
  | 'action_statement'
  | 'additional_details'
>;

/** Creates an annotation; undefined when the image has one about the same vulnerability and package. */
export async function insertAnnotation(
  db: Db,
  account: string,
  digest: string,
  annotation: AnnotationContent & { uuid: string; author: string; package: PackageIdentifier | undefined },
): Promise<AnnotationRow | undefined> {
  const { package: pkg, ...content } = annotation;
  const row = await db
    .insertInto('vulnerability_annotation')
    .values({
      account,
      digest,
      ...content,
      justification: content.justification ?? null,
      package_name: pkg ? storableText(pkg.name) : null,
      package_version: pkg ? storableText(pkg.version) : null,
      package_type: pkg ? storableText(pkg.type) : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row as AnnotationRow | undefined;
}

/** Replaces what an annotation says and raises its version; undefined when there is none. */
export async function updateAnnotation(
  db: Db,
  account: string,
  digest: string,
  uuid: string,
  content: AnnotationContent & { author: string },
): Promise<AnnotationRow | undefined> {
  const row = await db
    .updateTable('vulnerability_annotation')
    .set({
      ...content,
      justification: content.justification ?? null,
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('account', '=', account)
    .where('digest', '=', digest)
    .where('uuid', '=', uuid)
    .returningAll()
    .executeTakeFirst();
  return row as AnnotationRow | undefined;
}

export async function deleteAnnotation(db: Db, account: string, digest: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('vulnerability_annotation')
    .where('account', '=', account)
    .where('digest', '=', digest)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
