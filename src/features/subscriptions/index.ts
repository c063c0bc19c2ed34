export { subscriptionRoutes, subscriptionView } from './routes.ts';
export { createSubscriptionService, type SubscriptionService } from './service.ts';
export {
  activeSubscriptions,
  deactivateTags,
  insertSubscriptions,
  listSubscriptions,
  type NewSubscription,
  SUBSCRIPTION_TYPES,
  type SubscriptionType,
  subscribeTag,
  subscriptionId,
  updateSubscription,
} from './store.ts';
