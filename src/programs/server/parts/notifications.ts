import { z } from 'zod';
import { actionRoutes } from '#features/actions/index.ts';
import { alertRoutes, createAlertService, RECONCILE_JOB, reconcileJob } from '#features/alerts/index.ts';
import {
  createDispatcher,
  createNotificationService,
  expireDeliveries,
  followLegacySettings,
  legacyWebhookRoutes,
  notificationRoutes,
} from '#features/notifications/index.ts';
import type { Part, Wiring } from './part.ts';

const EXPIRE_JOB = 'notification-expire';
/** Changes within so many seconds are one look at the alerts of an account. */
const RECONCILE_SECONDS = 1;

/** Notifications, action plans and alerts: their configuration, and in processes with the worker role the loop that delivers them. */
export function wireNotifications({ platform, onVerdict }: Wiring): Part {
  const { config, database, secrets, outbound, jobs, log } = platform;
  const notifications = createNotificationService({
    database,
    secrets,
    transport: { fetcher: outbound, addressOf: (host) => outbound.addressOf(host) },
  });
  const dispatcher = createDispatcher({
    database,
    notifications,
    settings: { ...config.notifications, ui_url: config.server.public_url },
    onError: (error) => log.error({ err: error }, 'notifications'),
  });
  jobs.define({
    kind: EXPIRE_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    run: () => expireDeliveries(database.db, config.notifications.delivery_days),
  });
  const alerts = createAlertService({ database });
  jobs.define(reconcileJob(alerts));
  // A run that is under way may have looked before this change: the next one starts when the window of its key is over,
  // and so sees every change within it.
  onVerdict((tx, account) => {
    const key = `${account} ${Math.floor(Date.now() / (RECONCILE_SECONDS * 1000))}`;
    return jobs.send(tx, RECONCILE_JOB, { account }, { key, delaySeconds: RECONCILE_SECONDS });
  });
  return {
    routes: [
      ...notificationRoutes(notifications),
      ...legacyWebhookRoutes({ database, notifications, settings: config.webhooks }),
      ...actionRoutes({ database, notifications }),
      ...alertRoutes({ database, alerts }),
    ],
    async start() {
      await followLegacySettings(database, notifications, config.webhooks);
      await jobs.schedule(RECONCILE_JOB, '*/10 * * * *', {});
      await jobs.schedule(EXPIRE_JOB, '23 * * * *', {});
      if (config.server.roles.includes('worker')) dispatcher.start();
    },
    stop: () => dispatcher.stop(),
  };
}
