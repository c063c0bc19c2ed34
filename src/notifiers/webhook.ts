import { createHmac } from 'node:crypto';
import { basic, postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** An HTTP receiver of events. */
export interface WebhookConfiguration {
  url: string;
  username?: string;
  password?: string;
  /** Certificates are checked unless this is false. */
  verify_tls?: boolean;
  /** Older name of `verify_tls`. */
  verify_ssl?: boolean;
  /** Key of the signature; without one, requests are not signed. */
  signing_secret?: string;
}

/**
 * Posts the event as JSON. With a signing secret, `x-windlass-signature` is `sha256=` and the hexadecimal HMAC-SHA-256 of
 * the timestamp header, a dot, and the body: receivers check it together with the age of the timestamp.
 */
export const webhook: Notifier<WebhookConfiguration> = (configuration, message, transport, signal) => {
  const body = JSON.stringify(message.payload);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const { username, password, signing_secret: secret } = configuration;
  const headers: Record<string, string> = {
    'x-windlass-delivery': message.id,
    'x-windlass-timestamp': timestamp,
    ...(secret
      ? {
          'x-windlass-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
        }
      : {}),
    ...(username ? { authorization: basic(username, password ?? '') } : {}),
  };
  const insecure = configuration.verify_tls === false;
  return postJson(transport, configuration.url, body, { headers, insecure, signal });
};
