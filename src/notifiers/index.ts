import { github } from './github.ts';
import { jira } from './jira.ts';
import { legacyWebhook } from './legacy-webhook.ts';
import { slack } from './slack.ts';
import { smtp } from './smtp.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

export type { LegacyNotification } from './legacy-webhook.ts';
export {
  DeliveryError,
  type DeliveryReceipt,
  type NotificationMessage,
  type Notifier,
  type NotifierTransport,
} from './types.ts';

/** Every kind of endpoint, by the name that the API gives to it. */
export const NOTIFIERS = { slack, teams, smtp, github, jira, webhook } as const;

/** Endpoints that the API does not offer: the operator's settings do. */
export const SYSTEM_NOTIFIERS = { 'legacy-webhook': legacyWebhook } as const;

/** Name of a kind of endpoint. */
export type EndpointName = keyof typeof NOTIFIERS;

/** Name of whatever deliveries go to. */
export type DeliveryEndpoint = EndpointName | keyof typeof SYSTEM_NOTIFIERS;
