import { type AuditEntry, windlassAuditOperations } from '#contract/windlass-audit.ts';
import type { Database } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { AuditChain } from './chain.ts';
import { type AuditRow, listEntries } from './store.ts';

const DEFAULT_LIMIT = 100;

/** Handlers of the audit operations; for administrators only. */
export function auditRoutes({ database, chain }: { database: Database; chain: AuditChain }): BoundOperation[] {
  return bindOperations(windlassAuditOperations, {
    async list_audit_entries({ query }) {
      const { account_name: account, before_id: beforeId, limit = DEFAULT_LIMIT, ...filter } = query;
      const rows = await listEntries(database.db, present({ ...filter, account, beforeId }), limit + 1);
      const items = rows.slice(0, limit).map(view);
      return { items, next_before_id: rows.length > limit ? items.at(-1)!.id : null };
    },
    async verify_audit_log({ signal }) {
      const report = await chain.verify(signal);
      return {
        intact: report.intact,
        entries: report.entries,
        unsealed: report.unsealed,
        first_at: report.first_at?.toISOString() ?? null,
        last_at: report.last_at?.toISOString() ?? null,
        last_seal: report.last_seal ?? null,
        broken_at: report.broken_at ?? null,
      };
    },
  });
}

function view(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    account_name: row.account,
    username: row.username,
    user_account_name: row.user_account,
    credential: row.credential,
    operation: row.operation,
    method: row.method,
    params: row.params as Record<string, unknown>,
    outcome: row.outcome as AuditEntry['outcome'],
    status: row.status,
    reason: row.reason,
    address: row.address,
    request_id: row.request_id,
    sealed: row.seal_number !== null,
  };
}
