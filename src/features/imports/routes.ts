import type { Readable } from 'node:stream';
import { imageImportsOperations } from '#contract/image-imports.ts';
import type { ImageImportOperation } from '#contract/image-imports-schemas.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ContentKind, ImportService } from './service.ts';
import type { ImportRow } from './store.ts';

/** What the handlers of one kind of content read from a request. */
interface ContentRequest {
  account: string;
  params: { operation_id: string };
}

/** Handlers of the image import operations. */
export function importRoutes(imports: ImportService): BoundOperation[] {
  const list =
    (kind: ContentKind) =>
    ({ account, params }: ContentRequest) =>
      imports.contents(account, params.operation_id, kind);
  const add = async (kind: ContentKind, { account, params }: ContentRequest, body: Buffer | Readable) => {
    const { digest, created_at } = await imports.add(account, params.operation_id, kind, body);
    return { digest, created_at: created_at.toISOString() };
  };
  return bindOperations(imageImportsOperations, {
    list_operations: async ({ account }) => (await imports.list(account)).map(view),
    create_operation: async ({ account }) => view(await imports.create(account)),
    get_operation: async ({ account, params }) => view(await imports.get(account, params.operation_id)),
    invalidate_operation: async ({ account, params }) => view(await imports.cancel(account, params.operation_id)),

    list_import_packages: list('packages'),
    import_image_packages: (input) => add('packages', input, input.bodyBytes),
    list_import_image_configs: list('image_config'),
    import_image_config: (input) => add('image_config', input, input.bodyBytes),
    list_import_image_manifests: list('manifest'),
    import_image_manifest: (input) => add('manifest', input, input.stream.bytes),
    list_import_parent_manifests: list('parent_manifest'),
    import_image_parent_manifest: (input) => add('parent_manifest', input, input.stream.bytes),
    list_import_dockerfiles: list('dockerfile'),
    import_image_dockerfile: (input) => add('dockerfile', input, input.stream.bytes),
    list_import_content_searches: list('content_searches'),
    import_content_searches: (input) => add('content_searches', input, input.bodyBytes),
    list_import_secret_searches: list('secret_searches'),
    import_secret_searches: (input) => add('secret_searches', input, input.bodyBytes),
    list_import_file_contents: list('file_contents'),
    import_file_contents: (input) => add('file_contents', input, input.bodyBytes),
    import_image_sbom: (input) => add('sbom', input, input.stream.bytes),
  });
}

function view(row: ImportRow): ImageImportOperation {
  return {
    uuid: row.uuid,
    status: row.status as NonNullable<ImageImportOperation['status']>,
    expires_at: row.expires_at.toISOString(),
    created_at: row.created_at.toISOString(),
  };
}
