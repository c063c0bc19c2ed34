import { v1ArchiveOperations } from '../../src/contract/v1/archives.ts';
import { v1EnterpriseOperations, v1RoleOperations } from '../../src/contract/v1/enterprise.ts';
import { v1ImportOperations } from '../../src/contract/v1/imports.ts';
import { v1NotificationOperations } from '../../src/contract/v1/notifications.ts';
import type { V1Operation } from '../../src/contract/v1/operation.ts';
import { v1SystemOperations } from '../../src/contract/v1/system.ts';

/** Operations that `v1-later.spec.ts` calls, not `v1.spec.ts`. */
export const V1_LATER: readonly V1Operation[] = [
  ...[
    v1ArchiveOperations,
    v1ImportOperations,
    v1EnterpriseOperations,
    v1RoleOperations,
    v1NotificationOperations,
  ].flatMap((table) => Object.values(table) as V1Operation[]),
  v1SystemOperations.test_webhook,
];
