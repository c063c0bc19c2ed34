import { analysisArea } from './areas/analysis.ts';
import { authArea } from './areas/auth.ts';
import { complianceArea } from './areas/compliance.ts';
import { databaseArea } from './areas/database.ts';
import { feedsArea } from './areas/feeds.ts';
import { loggingArea, metricsArea } from './areas/logging.ts';
import { matchingArea } from './areas/matching.ts';
import { notificationsArea } from './areas/notifications.ts';
import { objectsArea } from './areas/objects.ts';
import { outboundArea } from './areas/outbound.ts';
import { reportRunsArea } from './areas/report-runs.ts';
import { reportsArea } from './areas/reports.ts';
import { retentionArea } from './areas/retention.ts';
import { secretsArea } from './areas/secrets.ts';
import { serverArea } from './areas/server.ts';
import { vexArea } from './areas/vex.ts';
import { watchersArea } from './areas/watchers.ts';
import { webhooksArea } from './areas/webhooks.ts';
import type { Area } from './setting.ts';

/** All areas, in the order of the reference page. */
export const areas = {
  server: serverArea,
  database: databaseArea,
  objects: objectsArea,
  secrets: secretsArea,
  auth: authArea,
  feeds: feedsArea,
  matching: matchingArea,
  analysis: analysisArea,
  compliance: complianceArea,
  outbound: outboundArea,
  retention: retentionArea,
  watchers: watchersArea,
  vex: vexArea,
  notifications: notificationsArea,
  reports: reportsArea,
  report_runs: reportRunsArea,
  webhooks: webhooksArea,
  logging: loggingArea,
  metrics: metricsArea,
} satisfies Record<string, Area>;
