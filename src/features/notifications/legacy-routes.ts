import { webhooksOperations } from '#contract/webhooks.ts';
import type { Database } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { type LegacySettings, testLegacyWebhook } from './legacy-webhooks.ts';
import type { NotificationService } from './service.ts';

export { followLegacySettings, type LegacySettings } from './legacy-webhooks.ts';

/** Handler of the test of a webhook of the settings. */
export function legacyWebhookRoutes(deps: {
  database: Database;
  notifications: Pick<NotificationService, 'send'>;
  settings: LegacySettings;
}): BoundOperation[] {
  return bindOperations(webhooksOperations, {
    test_webhook: ({ params, query, signal }) =>
      testLegacyWebhook(
        deps.database.db,
        deps.notifications,
        deps.settings,
        params.webhook_type,
        query.notification_type,
        signal,
      ),
  });
}
