import { notificationsOperations } from '../notifications.ts';
import { type V1Operation, type V2Id, v1Operation } from './operation.ts';

/** The tests of stored configurations and what is new since then have no predecessor. */
const NEWER = /^test_stored_/;

/**
 * Notification endpoints, their configurations and selectors. They had a server of their own, here its paths stand below
 * the name of it; the words are those of the second generation.
 */
export const v1NotificationOperations: Readonly<Record<string, V1Operation>> = Object.fromEntries(
  (Object.keys(notificationsOperations) as V2Id[]).filter((id) => !NEWER.test(id)).map((id) => [id, v1Operation(id)]),
);
