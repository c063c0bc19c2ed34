export { eventRoutes } from './routes.ts';
export { appendEvent, appendEvents, expireEvents } from './store.ts';
export { EVENT_TYPES, type EventName, type NewEvent } from './types.ts';
