import { z } from 'zod';
import { v1Operation } from './operation.ts';

const OPERATION = '/imports/images/{operation_id}';

/** Images whose analysis was done elsewhere. */
export const v1ImportOperations = {
  /** An analysis that was made and packed by a program of the first generation. */
  import_image_archive: v1Operation('add_image', {
    id: 'import_image_archive',
    path: '/import/images',
    query: z.object({}),
    raw: { contentTypes: ['multipart/form-data'], multipart: true, files: ['archive_file'] },
  }),
  list_operations: v1Operation('list_operations'),
  create_operation: v1Operation('create_operation'),
  get_operation: v1Operation('get_operation'),
  invalidate_operation: v1Operation('invalidate_operation'),
  list_import_packages: v1Operation('list_import_packages'),
  import_image_packages: v1Operation('import_image_packages'),
  list_import_dockerfiles: v1Operation('list_import_dockerfiles'),
  import_image_dockerfile: v1Operation('import_image_dockerfile'),
  list_import_image_manifests: v1Operation('list_import_image_manifests'),
  import_image_manifest: v1Operation('import_image_manifest'),
  list_import_parent_manifests: v1Operation('list_import_parent_manifests', { path: `${OPERATION}/parent_manifest` }),
  import_image_parent_manifest: v1Operation('import_image_parent_manifest', { path: `${OPERATION}/parent_manifest` }),
  list_import_image_configs: v1Operation('list_import_image_configs', { path: `${OPERATION}/image_config` }),
  import_image_config: v1Operation('import_image_config', { path: `${OPERATION}/image_config` }),
};
