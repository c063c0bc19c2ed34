import { z } from 'zod';
import { queryInteger } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Operations of query results. */
export const queryResultsOperations = {
  /** Read global query result. */
  get_global_query_result: defineOperation({
    id: 'get_global_query_result',
    method: 'GET',
    path: '/reporting/reports/global/scheduled-query-results/{result_uuid}',
    tag: 'Reports',
    summary: 'Read global query result',
    permission: { action: 'viewReports', domain: 'account' },
    params: z.object({ result_uuid: z.string().regex(/[0-9a-z-]+/) }),
    query: z.object({
      page: queryInteger().optional(),
    }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500],
  }),
  /** Read query result. */
  get_query_result: defineOperation({
    id: 'get_query_result',
    method: 'GET',
    path: '/reporting/scheduled-query-results/{result_uuid}',
    tag: 'Reports',
    summary: 'Read query result',
    permission: { action: 'viewReports', domain: 'account' },
    params: z.object({ result_uuid: z.string().regex(/[0-9a-z-]+/) }),
    query: z.object({
      page: queryInteger().optional(),
    }),
    success: { status: 200, schema: null },
    errors: [403, 404, 500],
  }),
};
