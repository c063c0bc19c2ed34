import { findStatement, type VexImage } from '#engine/vex/index.ts';
import { type AnnotationRow, listAnnotations } from '#features/annotations/index.ts';
import type { AnnotatedImage, FindingAnnotation, FindingRow } from '#features/findings/index.ts';
import { apiPackageType, fullTag } from '#features/images/index.ts';
import type { Db } from '#platform/database/types.ts';
import { present } from '#shared/present.ts';
import { type StoredStatement, statementsAbout } from './store.ts';

/**
 * What is judged about findings of an image. Annotations of the account's people go before imported documents, those of
 * a package before those of the whole image; of imported statements the newest counts.
 */
export async function judgementsOf(
  db: Db,
  account: string,
  image: AnnotatedImage,
  findings: FindingRow[],
): Promise<Map<FindingRow, FindingAnnotation>> {
  if (findings.length === 0) return new Map();
  const annotations = await listAnnotations(db, account, image.digest);
  const ids = [...new Set(findings.flatMap(idsOf))];
  return judgeFindings(annotations, await statementsAbout(db, account, ids), image, findings);
}

/** What a finding is recognised by when it is judged. */
export type JudgeableFinding = Pick<FindingRow, 'name' | 'version' | 'type' | 'purl'> & {
  match: Pick<FindingRow['match'], 'vulnerability' | 'aliases'>;
  detail: Pick<FindingRow['detail'], 'id' | 'aliases'>;
};

/** The rule of `judgementsOf`, for annotations of an image and statements that were read before. */
export function judgeFindings<F extends JudgeableFinding>(
  annotations: AnnotationRow[],
  statements: StoredStatement[],
  image: AnnotatedImage,
  findings: readonly F[],
): Map<F, FindingAnnotation> {
  const judged = new Map<F, FindingAnnotation>();
  if (annotations.length === 0 && statements.length === 0) return judged;
  const byId = new Map<string, StoredStatement[]>();
  for (const statement of statements) {
    for (const id of new Set(statement.vulnerabilities.map((one) => one.toUpperCase())))
      byId.set(id, [...(byId.get(id) ?? []), statement]);
  }
  const known = vexImage(image);
  for (const finding of findings) {
    const own = annotationFor(annotations, finding);
    if (own) {
      judged.set(finding, ofAnnotation(own));
      continue;
    }
    const candidates = [...new Set(idsOf(finding).flatMap((id) => byId.get(id.toUpperCase()) ?? []))];
    const statement = findStatement(candidates, known, {
      vulnerabilities: idsOf(finding),
      purl: finding.purl ?? undefined,
      version: finding.version,
    });
    if (statement) judged.set(finding, ofStatement(statement));
  }
  return judged;
}

/** Ids under which a vulnerability is known. */
export function idsOf({ match, detail }: Pick<JudgeableFinding, 'match' | 'detail'>): string[] {
  return [...new Set([match.vulnerability, detail.id, ...match.aliases, ...detail.aliases])];
}

/** Names by which documents may mean the image. */
export function vexImage(image: AnnotatedImage): VexImage {
  const ids = [image.digest, image.parent_digest, image.image_id];
  return {
    digests: ids.flatMap((id) => (id ? [id.startsWith('sha256:') ? id : `sha256:${id}`] : [])),
    tags: image.tags.map(fullTag),
  };
}

function annotationFor(annotations: AnnotationRow[], finding: JudgeableFinding): AnnotationRow | undefined {
  const ids = new Set(idsOf(finding).map((id) => id.toUpperCase()));
  const fitting = annotations.filter((row) => ids.has(row.vulnerability_id.toUpperCase()) && isAbout(row, finding));
  // The id that the finding is listed under goes before its aliases.
  const exact = (row: AnnotationRow) => (row.vulnerability_id === finding.match.vulnerability ? 1 : 0);
  const specific = (row: AnnotationRow) => (row.package_name === null ? 0 : 2);
  return fitting.sort((a, b) => specific(b) + exact(b) - specific(a) - exact(a))[0];
}

/** Package types are taken as the API spells them, and as the inventory does. */
export function isAbout(
  row: Pick<AnnotationRow, 'package_name' | 'package_version' | 'package_type'>,
  pkg: Pick<FindingRow, 'name' | 'version' | 'type'>,
): boolean {
  if (row.package_name === null) return true;
  const type = row.package_type?.toLowerCase();
  return (
    row.package_name === pkg.name &&
    row.package_version === pkg.version &&
    (type === pkg.type.toLowerCase() || type === apiPackageType(pkg.type).toLowerCase())
  );
}

function ofAnnotation(row: AnnotationRow): FindingAnnotation {
  return {
    source: 'annotation',
    uuid: row.uuid,
    status: row.status,
    author: row.author,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...present({
      justification: row.justification,
      statusNotes: row.status_notes,
      impactStatement: row.impact_statement,
      actionStatement: row.action_statement,
    }),
  };
}

function ofStatement(statement: StoredStatement): FindingAnnotation {
  const { documentUuid, status, justification, statusNotes, impactStatement, actionStatement, author, timestamp } =
    statement;
  return {
    source: 'vex',
    uuid: documentUuid,
    status,
    ...present({ justification, statusNotes, impactStatement, actionStatement, author, updatedAt: timestamp }),
  };
}
