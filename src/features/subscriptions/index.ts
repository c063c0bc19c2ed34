export { announceTagUpdate, subscriptionPayload } from './payload.ts';
export { subscriptionRoutes, subscriptionView } from './routes.ts';
export { createSubscriptionService, type SubscriptionService } from './service.ts';
export {
  activeSubscriptions,
  deactivateTags,
  findSubscription,
  insertSubscriptions,
  listSubscriptions,
  type NewSubscription,
  SUBSCRIPTION_TYPES,
  type SubscriptionType,
  subscribedTags,
  subscribeTag,
  subscriptionId,
  updateSubscription,
} from './store.ts';
