import { vulnerabilityAnnotationsOperations } from '#contract/vulnerability-annotations.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { AnnotationService } from './service.ts';
import type { AnnotationRow } from './store.ts';

function view(row: AnnotationRow) {
  const { package_name: name, package_version: version, package_type: type } = row;
  return {
    annotation: {
      uuid: row.uuid,
      vulnerability_id: row.vulnerability_id,
      author: row.author,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
      version: row.version,
      status: row.status,
      status_notes: row.status_notes,
      justification: row.justification ?? null,
      impact_statement: row.impact_statement,
      action_statement: row.action_statement,
      additional_details: row.additional_details,
    },
    package_identifier: name === null ? null : { name, version: version ?? '', type: type ?? '' },
  };
}

/** Handlers of the operations on vulnerability annotations. */
export function annotationRoutes(annotations: AnnotationService): BoundOperation[] {
  return bindOperations(vulnerabilityAnnotationsOperations, {
    list_image_vuln_annotations: async ({ account, params, query }) => ({
      items: (await annotations.list(account, params.image_digest, query)).map(view),
    }),
    create_image_vuln_annotation: async ({ account, actor, params, body }) =>
      view(await annotations.create(account, params.image_digest, body, actor.username)),
    get_image_vuln_annotation: async ({ account, params }) =>
      view(await annotations.get(account, params.image_digest, params.vuln_annotation_uuid)),
    update_image_vuln_annotation: async ({ account, actor, params, body }) =>
      view(await annotations.update(account, params.image_digest, params.vuln_annotation_uuid, body, actor.username)),
    delete_image_vuln_annotation: ({ account, params }) =>
      annotations.remove(account, params.image_digest, params.vuln_annotation_uuid),
  });
}
