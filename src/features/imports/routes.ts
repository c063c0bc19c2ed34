import type { Readable } from 'node:stream';
import { imageImportsOperations } from '#contract/image-imports.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ImportOperations } from './operations.ts';
import type { ContentKind } from './service.ts';
import { contentView, importView } from './view.ts';

/** What the handlers of one kind of content read from a request. */
interface ContentRequest {
  account: string;
  params: { operation_id: string };
}

/** Handlers of the image import operations. */
export function importRoutes(imports: ImportOperations): BoundOperation[] {
  const list =
    (kind: ContentKind) =>
    async ({ account, params }: ContentRequest) =>
      (await imports.contents(account, params.operation_id, kind)).map(({ digest }) => digest);
  const add = async (kind: ContentKind, { account, params }: ContentRequest, body: Buffer | Readable) =>
    contentView(await imports.add(account, params.operation_id, kind, body));
  return bindOperations(imageImportsOperations, {
    list_operations: async ({ account }) => (await imports.list(account)).map(importView),
    create_operation: async ({ account }) => importView(await imports.create(account)),
    get_operation: async ({ account, params }) => importView(await imports.get(account, params.operation_id)),
    invalidate_operation: async ({ account, params }) => importView(await imports.cancel(account, params.operation_id)),

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
