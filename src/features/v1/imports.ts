import { v1ImportOperations } from '#contract/v1/imports.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of images whose analysis was done elsewhere: both generations speak alike. */
export function v1ImportRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1ImportOperations,
    {
      list_operations: same,
      create_operation: same,
      get_operation: same,
      invalidate_operation: same,
      list_import_packages: same,
      import_image_packages: same,
      list_import_dockerfiles: same,
      import_image_dockerfile: same,
      list_import_image_manifests: same,
      import_image_manifest: same,
      list_import_parent_manifests: same,
      import_image_parent_manifest: same,
      list_import_image_configs: same,
      import_image_config: same,
    },
    v2,
  );
}
