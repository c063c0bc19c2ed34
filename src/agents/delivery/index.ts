export { backoff, pause } from './backoff.ts';
export { createIntegration, type Integration } from './integration.ts';
export type { AgentLog } from './log.ts';
export { createOutbox, type Delivery, type Outbox } from './outbox.ts';
export { readAgentSettings } from './read-settings.ts';
export type { Credentials, ReportServer, ReportTarget } from './report-server.ts';
export {
  type AgentEnvironment,
  agentSpool,
  DELIVERY_VARIABLES,
  reportServer,
  ServerSettings,
  SpoolSettings,
  serverCredentials,
} from './settings.ts';
export type { Spool, SpooledReport } from './spool.ts';
