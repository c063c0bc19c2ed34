import type { Fetcher } from '#shared/fetcher.ts';

/** What is to be told to people or programs. */
export interface NotificationMessage {
  /** Id of the delivery: the same on every try, so that receivers can drop duplicates. */
  id: string;
  /** One line. */
  subject: string;
  /** Plain text of several lines. */
  text: string;
  /** Where people can read more. */
  link?: string;
  level: 'info' | 'error';
  /** The event as JSON, for programs; a list when several events were gathered. */
  payload: unknown;
}

/** The ways out of the process that notifiers use. Both refuse addresses that must not be reached. */
export interface NotifierTransport {
  fetcher: Fetcher;
  /** Resolves a host name to an address that may be reached. Throws when there is none. */
  addressOf(host: string): Promise<string>;
}

/** A delivery that the receiver took. */
export interface DeliveryReceipt {
  /** HTTP status, or the reply code of a mail server. */
  status: string;
  /** Beginning of the receiver's answer. */
  response: string;
}

/** Sends a message by one kind of endpoint. Throws {@link DeliveryError}. */
export type Notifier<Configuration> = (
  configuration: Configuration,
  message: NotificationMessage,
  transport: NotifierTransport,
  signal: AbortSignal,
) => Promise<DeliveryReceipt>;

/** A delivery that failed. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** The receiver will never take it: the configuration is wrong. */
  readonly permanent: boolean;
  /** The receiver asks to wait so long. */
  readonly retryAfterSeconds: number | undefined;
  readonly receipt: DeliveryReceipt | undefined;

  constructor(
    message: string,
    options: {
      permanent?: boolean;
      retryAfterSeconds?: number | undefined;
      receipt?: DeliveryReceipt;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.permanent = options.permanent ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.receipt = options.receipt;
  }
}
