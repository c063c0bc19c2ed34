import { basic, postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** A receiver of notifications that is configured for the whole installation. */
export interface LegacyWebhookConfiguration {
  /** May hold `<userId>` and `<notification_type>`. */
  url: string;
  username?: string;
  password?: string;
  verify_tls?: boolean;
}

/** What is put into the envelope. */
export interface LegacyNotification {
  /** `tag_update`, `policy_eval`, `vuln_update`, `analysis_update`, `error_event` or `event_log`. */
  type: string;
  account: string;
  email: string;
  payload: Record<string, unknown>;
  /** Seconds since 1970. */
  createdAt: number;
  updatedAt: number;
  tries: number;
  /** Time at which no further try is made, in seconds since 1970. */
  until: number;
}

/** Posts the envelope that receivers of the older products know: a record of a queue, with the notification inside. */
export const legacyWebhook: Notifier<LegacyWebhookConfiguration> = (configuration, message, transport, signal) => {
  const notification = message.payload as LegacyNotification;
  const { username, password } = configuration;
  return postJson(transport, addressOf(configuration.url, notification), envelopeOf(message.id, notification), {
    headers: {
      'x-windlass-delivery': message.id,
      ...(username ? { authorization: basic(username, password ?? '') } : {}),
    },
    insecure: configuration.verify_tls === false,
    signal,
  });
};

/** The address with its placeholders filled in. */
export function addressOf(url: string, { type, account }: Pick<LegacyNotification, 'type' | 'account'>): string {
  return url
    .replaceAll('<notification_type>', () => encodeURIComponent(type))
    .replaceAll('<userId>', () => encodeURIComponent(account));
}

function envelopeOf(id: string, { type, account, email, payload, ...times }: LegacyNotification) {
  return {
    queue_id: type,
    account_name: account,
    data_id: id,
    created_at: times.createdAt,
    last_updated: times.updatedAt,
    record_state_key: 'active',
    tries: times.tries,
    max_tries: times.until,
    data: {
      notification_user: account,
      notification_user_email: email,
      notification_type: type,
      notification_payload: payload,
    },
  };
}
