import pg from 'pg';
import { Notices } from './notices.ts';

/** Listens on PostgreSQL with one connection of its own, which comes back after a break. */
export class Listener {
  readonly #options: pg.ClientConfig;
  readonly #report: (error: unknown) => void;
  readonly #notices: Notices;
  #client: Promise<pg.Client> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #delay = 250;
  #closed = false;

  constructor(options: pg.ClientConfig, report: (error: unknown) => void) {
    this.#options = options;
    this.#report = report;
    this.#notices = new Notices(report);
  }

  async listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>> {
    const first = this.#notices.add(channel, handler);
    // A new connection listens to all channels, this one included.
    if (this.#client) {
      if (first) await (await this.#client).query(`listen ${channel}`);
    } else await this.#connect();
    return async () => {
      if (this.#notices.remove(channel, handler) && this.#client && !this.#closed) {
        await (await this.#client).query(`unlisten ${channel}`).catch(this.#report);
      }
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end();
  }

  async #connect(): Promise<void> {
    this.#client = this.#open();
    try {
      await this.#client;
      this.#delay = 250;
    } catch (error) {
      this.#client = undefined;
      this.#later();
      throw error;
    }
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.#notices.deliver(channel, payload ?? ''));
    client.on('error', this.#report);
    await client.connect();
    client.on('end', () => {
      this.#client = undefined;
      this.#later();
    });
    for (const channel of this.#notices.channels()) await client.query(`listen ${channel}`);
    return client;
  }

  #later(): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => void this.#connect().catch(this.#report), this.#delay);
    this.#retry.unref();
    this.#delay = Math.min(this.#delay * 2, 10_000);
  }
}
