import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** Parameters of a document sent by GET. */
const document = z.object({
  query: z.string().optional(),
  /** JSON object. */
  variables: z.string().optional(),
  operationName: z.string().optional(),
});

const ANSWER = z
  .object({ data: z.record(z.string(), z.unknown()).nullable().optional(), errors: z.array(z.unknown()).optional() })
  .meta({ id: 'GraphQLAnswer' });

/** Documents are text, or JSON with `query`, `variables` and `operationName`. */
const raw = { contentTypes: ['application/json', 'application/graphql', 'application/graphql+json', 'text/json'] };
const MAX_BODY = 1024 * 1024;

const account = { permission: { action: 'viewReports', domain: 'account' }, tag: 'Reports' } as const;
const global = { permission: 'admin', tag: 'Reports' } as const;

/** Reports by GraphQL. They are not part of the published description of the reference API. */
export const windlassReportsOperations = {
  /** Answer a GraphQL query over the account, or show the page to write one. */
  read_report: defineOperation({
    ...account,
    id: 'read_report',
    method: 'GET',
    path: '/reports/graphql',
    summary: 'Answer a GraphQL query over the account; browsers get a page to write one',
    query: document,
    success: { status: 200, contentType: 'application/json', raw: true, schema: ANSWER },
    errors: [400, 403, 500],
  }),
  /** Answer a GraphQL document over the account. */
  run_report: defineOperation({
    ...account,
    id: 'run_report',
    method: 'POST',
    path: '/reports/graphql',
    summary: 'Answer a GraphQL document over the account',
    raw,
    maxBodyBytes: MAX_BODY,
    query: document,
    success: { status: 200, contentType: 'application/json', raw: true, schema: ANSWER },
    errors: [400, 403, 415, 500],
  }),
  /** Answer a GraphQL query over all accounts, or show the page to write one. */
  read_global_report: defineOperation({
    ...global,
    id: 'read_global_report',
    method: 'GET',
    path: '/reports/global/graphql',
    summary: 'Answer a GraphQL query over all accounts; browsers get a page to write one',
    query: document,
    success: { status: 200, contentType: 'application/json', raw: true, schema: ANSWER },
    errors: [400, 403, 500],
  }),
  /** Answer a GraphQL document over all accounts. */
  run_global_report: defineOperation({
    ...global,
    id: 'run_global_report',
    method: 'POST',
    path: '/reports/global/graphql',
    summary: 'Answer a GraphQL document over all accounts',
    raw,
    maxBodyBytes: MAX_BODY,
    query: document,
    success: { status: 200, contentType: 'application/json', raw: true, schema: ANSWER },
    errors: [400, 403, 415, 500],
  }),
  /** Read the schema of the reports. */
  get_report_schema: defineOperation({
    id: 'get_report_schema',
    method: 'GET',
    path: '/reports/schema.graphql',
    tag: 'Reports',
    summary: 'Read the schema of the reports in the GraphQL schema language',
    permission: 'authenticated',
    success: { status: 200, contentType: 'text/plain; charset=utf-8', raw: true },
    errors: [403, 500],
  }),
  /** Read the schema of the reports as an introspection result. */
  get_report_introspection: defineOperation({
    id: 'get_report_introspection',
    method: 'GET',
    path: '/reports/schema.json',
    tag: 'Reports',
    summary: 'Read the schema of the reports as an introspection result',
    permission: 'authenticated',
    success: { status: 200, contentType: 'application/json', raw: true },
    errors: [403, 500],
  }),
};
