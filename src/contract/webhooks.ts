import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Operations of webhooks. */
export const webhooksOperations = {
  /** Test webhook. */
  test_webhook: defineOperation({
    id: 'test_webhook',
    method: 'POST',
    path: '/system/webhooks/{webhook_type}/test',
    tag: 'System',
    summary: 'Test webhook',
    permission: 'admin',
    params: z.object({ webhook_type: z.string() }),
    query: z.object({
      notification_type: z.enum(['tag_update', 'analysis_update', 'vuln_update', 'policy_eval']).default('tag_update'),
    }),
    success: { status: 200, schema: null },
    errors: [400, 500],
  }),
};
