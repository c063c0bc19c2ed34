export { dispatchAll, expireDeliveries } from './delivery-store.ts';
export { createDispatcher, type Dispatcher } from './dispatcher.ts';
export {
  followLegacySettings,
  type LegacySettings,
  legacyWebhookRoutes,
} from './legacy-routes.ts';
export { notificationRoutes } from './routes.ts';
export { createNotificationService, type NotificationService } from './service.ts';
