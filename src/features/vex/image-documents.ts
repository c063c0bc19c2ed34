import { formatPurl } from '#engine/analyzers/purl.ts';
import type { Package } from '#engine/model/package.ts';
import type { ImageVex, ImageVexStatement } from '#engine/vex/index.ts';
import type { AnnotationRow } from '#features/annotations/index.ts';
import { present } from '#shared/present.ts';
import { isAbout } from './judgements.ts';

/** One statement of a document about an image, made of an annotation. */
export function statementOf(row: AnnotationRow, packages: Package[], aliases: string[]): ImageVexStatement {
  const notes = [row.status_notes, row.additional_details].filter((text) => text !== null).join('\n\n');
  return {
    uuid: row.uuid,
    vulnerability: row.vulnerability_id,
    aliases: aliases.filter((id) => id !== row.vulnerability_id).sort(),
    packages: row.package_name === null ? null : namedPackages(row, row.package_name, packages),
    status: row.status,
    created: row.created_at.toISOString(),
    updated: row.updated_at.toISOString(),
    version: row.version,
    ...present({
      justification: row.justification,
      statusNotes: notes || undefined,
      impactStatement: row.impact_statement,
      actionStatement: row.action_statement,
    }),
  };
}

/** Packages that an annotation names, once for each package URL; one that the image does not hold is named all the same. */
function namedPackages(row: AnnotationRow, name: string, packages: Package[]) {
  const version = row.package_version ?? '';
  const found = packages.filter((pkg) => isAbout(row, pkg));
  const purls = [...new Set(found.flatMap(({ purl }) => purl ?? []))];
  const generic = formatPurl({ type: 'generic', name, version });
  return (purls.length > 0 ? purls : [generic]).map((purl) => ({ name, version, purl }));
}

/** Orders statements so that equal annotations give equal documents. */
export function sortStatements(statements: ImageVexStatement[]): ImageVex['statements'] {
  const key = (one: ImageVexStatement) => `${one.vulnerability}\n${one.packages?.[0]?.purl ?? ''}\n${one.uuid}`;
  return [...statements].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
