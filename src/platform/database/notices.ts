/** Handlers of one process by channel; the same for both kinds of database. */
export class Notices {
  readonly #handlers = new Map<string, Set<(payload: string) => void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Whether this is the first handler of the channel. */
  add(channel: string, handler: (payload: string) => void): boolean {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers);
    handlers.add(handler);
    return handlers.size === 1;
  }

  /** Whether this was the last handler of the channel. */
  remove(channel: string, handler: (payload: string) => void): boolean {
    const handlers = this.#handlers.get(channel);
    if (!handlers?.delete(handler) || handlers.size > 0) return false;
    return this.#handlers.delete(channel);
  }

  channels(): string[] {
    return [...this.#handlers.keys()];
  }

  deliver(channel: string, payload: string): void {
    for (const handler of [...(this.#handlers.get(channel) ?? [])]) {
      try {
        handler(payload);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

/** PostgreSQL's own bounds; kept on the embedded database too, so that both behave alike. */
export function checkNotice(channel: string, payload: string): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`not a channel name: ${channel}`);
  if (Buffer.byteLength(payload) > 7_999) throw new Error('a notification holds at most 7,999 bytes');
}
