import { v1ArchiveOperations } from './archives.ts';
import { v1ComplianceOperations } from './compliance.ts';
import { v1EnterpriseOperations, v1RoleOperations, v1SamlOperations } from './enterprise.ts';
import { v1AccountOperations } from './identity.ts';
import { v1ContentOperations, v1ImageByIdOperations, v1ImageOperations, v1QueryOperations } from './images.ts';
import { v1ImportOperations } from './imports.ts';
import { v1InventoryOperations } from './inventories.ts';
import { v1InventoryClusterOperations } from './inventory-clusters.ts';
import { v1NotificationOperations } from './notifications.ts';
import type { V1Operation } from './operation.ts';
import { v1PolicyOperations } from './policies.ts';
import { v1EventOperations, v1RecordOperations } from './records.ts';
import { v1FeedOperations, v1SystemOperations } from './system.ts';

/** Every operation of the first generation that is served. */
export const v1OperationList: readonly V1Operation[] = [
  v1SystemOperations,
  v1FeedOperations,
  v1AccountOperations,
  v1ImageOperations,
  v1ContentOperations,
  v1ImageByIdOperations,
  v1QueryOperations,
  v1PolicyOperations,
  v1RecordOperations,
  v1EventOperations,
  v1ComplianceOperations,
  v1InventoryOperations,
  v1InventoryClusterOperations,
  v1ArchiveOperations,
  v1ImportOperations,
  v1EnterpriseOperations,
  v1RoleOperations,
  v1SamlOperations,
  v1NotificationOperations,
].flatMap((table) => Object.values(table) as V1Operation[]);
