import { isIP } from 'node:net';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { xmlText } from '#shared/xml-writer.ts';
import { DeliveryError, type NotificationMessage, type Notifier } from './types.ts';

/** A mail server and the people who get mail. */
export interface SmtpConfiguration {
  host: string;
  port: number;
  username?: string;
  password?: string;
  /** Default true: the connection is encrypted, by STARTTLS except at port 465. */
  use_tls?: boolean;
  from: string;
  /** One or more addresses, separated by commas. */
  to: string;
  verify_tls?: boolean;
}

const TIMEOUT_MS = 15_000;

/** Sends mail as text and HTML (RFC 5321). */
export const smtp: Notifier<SmtpConfiguration> = async (configuration, message, transport, signal) => {
  const { host, port, username, password, from, to } = configuration;
  const encrypted = configuration.use_tls ?? true;
  let address: string;
  try {
    address = await transport.addressOf(host);
  } catch (error) {
    throw new DeliveryError((error as Error).message, { permanent: true, cause: error });
  }
  const options: SMTPTransport.Options = {
    // The address that was checked, under the name that the certificate is for.
    host: address,
    port,
    secure: encrypted && port === 465,
    requireTLS: encrypted && port !== 465,
    ignoreTLS: !encrypted,
    tls: { rejectUnauthorized: configuration.verify_tls !== false, ...(isIP(host) ? {} : { servername: host }) },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(username ? { auth: { user: username, pass: password ?? '' } } : {}),
  };
  // Large, and needed by few: not loaded at the start.
  const { createTransport } = (await import('nodemailer')).default;
  const mailer = createTransport(options);
  const abort = () => mailer.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const sent = await mailer.sendMail({
      from,
      to,
      subject: message.subject.replace(/[\r\n]+/g, ' '),
      text: `${message.text}${message.link ? `\n\n${message.link}` : ''}\n`,
      html: htmlOf(message),
      messageId: `<${message.id}@windlass>`,
      headers: { 'auto-submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    if (sent.rejected.length > 0) {
      throw new DeliveryError(`the mail server refused ${sent.rejected.join(', ')}`, {
        receipt: { status: sent.response.slice(0, 3), response: sent.response },
      });
    }
    return { status: sent.response.slice(0, 3), response: sent.response };
  } catch (error) {
    throw error instanceof DeliveryError || signal.aborted ? error : mailFailure(error as SmtpFailure);
  } finally {
    signal.removeEventListener('abort', abort);
    mailer.close();
  }
};

interface SmtpFailure extends Error {
  responseCode?: number;
  response?: string;
  code?: string;
}

/** Replies of 500 and above are for good (RFC 5321 §4.2.1), and so are wrong credentials. */
function mailFailure(error: SmtpFailure): DeliveryError {
  const { responseCode: code, response } = error;
  return new DeliveryError(`the mail could not be sent: ${error.message}`, {
    permanent: (code !== undefined && code >= 500) || error.code === 'EENVELOPE',
    ...(code === undefined ? {} : { receipt: { status: String(code), response: response ?? '' } }),
    cause: error,
  });
}

function htmlOf({ subject, text, link }: NotificationMessage): string {
  const lines = text.split('\n').map((line) => `${xmlText(line)}<br>`);
  const more = link ? `<p><a href="${xmlText(link)}">Open in Windlass</a></p>` : '';
  return `<!doctype html><html><body><h3>${xmlText(subject)}</h3><p>${lines.join('\n')}</p>${more}</body></html>`;
}
