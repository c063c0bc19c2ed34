export { type AuditChain, createAuditChain } from './chain.ts';
export { type NotedChange, noteChanges } from './noted-changes.ts';
export { recordChanges } from './record-changes.ts';
export { auditRoutes } from './routes.ts';
export { expireEntries, insertEntry } from './store.ts';
