import { buffer } from 'node:stream/consumers';
import { vexOperations } from '#contract/vex.ts';
import { windlassVexOperations } from '#contract/windlass-vex.ts';
import { cyclonedxVex, cyclonedxVexXml, openvex } from '#engine/vex/index.ts';
import { apiPackageType, packagePath } from '#features/images/index.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { VexService } from './service.ts';
import type { VexDocumentRow } from './store.ts';

function view(row: VexDocumentRow) {
  return {
    uuid: row.uuid,
    format: row.format,
    document_id: row.document_id,
    digest: row.digest,
    statements: row.statement_count,
    problems: row.problems,
    created_at: row.created_at.toISOString(),
    ...present({
      author: row.author,
      document_version: row.document_version,
      issued_at: row.issued_at?.toISOString(),
      name: row.name,
      created_by: row.created_by,
    }),
  };
}

/** Handlers of the VEX documents of images, and of the documents that the account imports. */
export function vexRoutes(vex: VexService): BoundOperation[] {
  const jsonAnswer = (document: unknown) => rawAnswer(JSON.stringify(document), { contentType: 'application/json' });
  return [
    ...bindOperations(vexOperations, {
      get_image_openvex: async ({ account, params }) =>
        jsonAnswer(openvex(await vex.imageVex(account, params.image_digest))),
      get_image_cyclonedx_json: async ({ account, params }) =>
        jsonAnswer(cyclonedxVex(await vex.imageVex(account, params.image_digest))),
      get_image_cyclonedx_xml: async ({ account, params }) =>
        rawAnswer(cyclonedxVexXml(cyclonedxVex(await vex.imageVex(account, params.image_digest))), {
          contentType: 'application/xml',
        }),
    }),
    ...bindOperations(windlassVexOperations, {
      list_vex_documents: async ({ account }) => ({ items: (await vex.list(account)).map(view) }),
      import_vex_document: async ({ account, actor, query, stream }) =>
        view(await vex.import(account, await buffer(stream.bytes), { name: query.name, username: actor.username })),
      get_vex_document: async ({ account, params }) => view(await vex.get(account, params.document_uuid)),
      delete_vex_document: ({ account, params }) => vex.remove(account, params.document_uuid),
      list_image_vex_statements: async ({ account, params }) => ({
        items: (await vex.judged(account, params.image_digest)).map(({ finding, annotation }) => ({
          vulnerability: finding.match.vulnerability,
          namespace: finding.match.namespace,
          package_name: finding.name,
          package_version: finding.version,
          package_type: apiPackageType(finding.type),
          package_path: packagePath(finding, finding.path),
          status: annotation.status,
          source: annotation.source,
          source_uuid: annotation.uuid,
          settled: annotation.status === 'not_affected' || annotation.status === 'fixed',
          ...present({
            justification: annotation.justification,
            status_notes: annotation.statusNotes,
            impact_statement: annotation.impactStatement,
            action_statement: annotation.actionStatement,
            author: annotation.author,
            updated_at: annotation.updatedAt,
          }),
        })),
      }),
    }),
  ];
}
