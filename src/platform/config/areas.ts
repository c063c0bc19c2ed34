import { analysisArea } from './areas/analysis.ts';
import { authArea } from './areas/auth.ts';
import { databaseArea } from './areas/database.ts';
import { feedsArea } from './areas/feeds.ts';
import { loggingArea, metricsArea } from './areas/logging.ts';
import { notificationsArea } from './areas/notifications.ts';
import { objectsArea } from './areas/objects.ts';
import { outboundArea } from './areas/outbound.ts';
import { retentionArea } from './areas/retention.ts';
import { secretsArea } from './areas/secrets.ts';
import { serverArea } from './areas/server.ts';
import { watchersArea } from './areas/watchers.ts';
import type { Area } from './setting.ts';

/** All areas, in the order of the reference page. */
export const areas = {
  server: serverArea,
  database: databaseArea,
  objects: objectsArea,
  secrets: secretsArea,
  auth: authArea,
  feeds: feedsArea,
  analysis: analysisArea,
  outbound: outboundArea,
  retention: retentionArea,
  watchers: watchersArea,
  notifications: notificationsArea,
  logging: loggingArea,
  metrics: metricsArea,
} satisfies Record<string, Area>;
