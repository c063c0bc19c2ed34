/** Filters of the audit log, as they stand in the address. */
export interface AuditSearch {
  account?: string;
  user?: string;
  operation?: string;
  outcome?: 'success' | 'failure';
  /** Only entries before this one. */
  before?: number;
}

/** Reads the address; what it does not understand is left out. */
export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  const text = (value: unknown) =>
    typeof value === 'number' ? String(value) : typeof value === 'string' && value ? value : undefined;
  const [account, user, operation, before] = [
    text(raw.account),
    text(raw.user),
    text(raw.operation),
    Number(raw.before),
  ];
  return {
    ...(account ? { account } : {}),
    ...(user ? { user } : {}),
    ...(operation ? { operation } : {}),
    ...(raw.outcome === 'success' || raw.outcome === 'failure' ? { outcome: raw.outcome } : {}),
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
  };
}
