import { z } from 'zod';
import { queryInteger, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** One change, or an attempt at one. */
export const AuditEntry = z
  .object({
    id: z.int(),
    at: timestamp,
    /** The account that the change was made in; empty when it was made in none. */
    account_name: z.string(),
    username: z.string().nullable(),
    /** The account of the user. */
    user_account_name: z.string().nullable(),
    /** `password`, `api_key` or `token`. */
    credential: z.string().nullable(),
    /** Operation id of the API. */
    operation: z.string(),
    method: z.string(),
    /** Path parameters, and the query under `query`. */
    params: z.record(z.string(), z.unknown()),
    outcome: z.enum(['success', 'failure']),
    status: z.int(),
    reason: z.string().nullable(),
    address: z.string(),
    request_id: z.string(),
    sealed: z.boolean(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.output<typeof AuditEntry>;

/** A page of entries, newest first. */
export const AuditEntryList = z
  .object({ items: z.array(AuditEntry), next_before_id: z.int().nullable() })
  .meta({ id: 'AuditEntryList' });

/** What a check of the seals found. */
export const AuditVerification = z
  .object({
    intact: z.boolean(),
    entries: z.int(),
    unsealed: z.int(),
    first_at: timestamp.nullable(),
    last_at: timestamp.nullable(),
    last_seal: z.string().nullable(),
    broken_at: z.object({ id: z.int(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'AuditVerification' });

/** Operations of the audit log. */
export const windlassAuditOperations = {
  /** Who changed what. */
  list_audit_entries: defineOperation({
    id: 'list_audit_entries',
    method: 'GET',
    path: '/windlass/audit',
    tag: 'Windlass',
    summary: 'List entries of the audit log, newest first',
    permission: 'admin',
    query: z.object({
      account_name: z.string().optional(),
      username: z.string().optional(),
      operation: z.string().optional(),
      outcome: z.enum(['success', 'failure']).optional(),
      since: queryTime().optional(),
      before: queryTime().optional(),
      before_id: queryInteger().optional(),
      limit: queryInteger({ min: 1, max: 1000 }).optional(),
    }),
    success: { status: 200, schema: AuditEntryList },
    errors: [400, 403, 500],
  }),
  /** Checks every seal. */
  verify_audit_log: defineOperation({
    id: 'verify_audit_log',
    method: 'GET',
    path: '/windlass/audit/verification',
    tag: 'Windlass',
    summary: 'Check that no entry of the audit log was changed or removed',
    permission: 'admin',
    success: { status: 200, schema: AuditVerification },
    errors: [403, 500],
  }),
};
