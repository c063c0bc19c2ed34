import type { FindingService } from '#features/findings/index.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { v1ArchiveRoutes } from './archives.ts';
import { v1ComplianceRoutes } from './compliance.ts';
import { v1ContentRoutes } from './content.ts';
import { v1DocumentRoutes } from './document-routes.ts';
import { v1EnterpriseRoutes } from './enterprise.ts';
import { v1AccountRoutes } from './identity.ts';
import { v1ImageRoutes } from './images.ts';
import { v1ImageByIdRoutes } from './images-by-id.ts';
import { v1ImportRoutes } from './imports.ts';
import { v1InventoryClusterRoutes } from './inventory-clusters.ts';
import { v1PolicyRoutes } from './policies.ts';
import { v1QueryRoutes } from './queries.ts';
import { v1EventRoutes, v1RecordRoutes } from './records.ts';
import { v1NotificationRoutes, v1RoleRoutes, v1SamlRoutes } from './roles.ts';
import { secondGeneration } from './second-generation.ts';
import { v1SystemRoutes } from './system.ts';

export { v1InventoryRoutes } from './inventories.ts';

/**
 * The first generation of the API, below `/v1`, for clients that were not rewritten. It translates: every request is
 * done by the operation of the second generation that took its place, with the same checks.
 */
export function v1Routes(deps: {
  bound: readonly BoundOperation[];
  findings: Pick<FindingService, 'imagesWith'>;
}): BoundOperation[] {
  const v2 = secondGeneration(deps.bound);
  return [
    ...v1DocumentRoutes(),
    ...v1SystemRoutes(v2),
    ...v1AccountRoutes(v2),
    ...v1ImageRoutes(v2),
    ...v1ContentRoutes(v2),
    ...v1ImageByIdRoutes(v2),
    ...v1QueryRoutes(v2, deps.findings),
    ...v1PolicyRoutes(v2),
    ...v1RecordRoutes(v2),
    ...v1EventRoutes(v2),
    ...v1ComplianceRoutes(v2),
    ...v1InventoryClusterRoutes(v2),
    ...v1ArchiveRoutes(v2),
    ...v1ImportRoutes(v2),
    ...v1EnterpriseRoutes(v2),
    ...v1RoleRoutes(v2),
    ...v1SamlRoutes(v2),
    ...v1NotificationRoutes(v2),
  ];
}
