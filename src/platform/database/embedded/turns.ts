import type { PGlite } from '@electric-sql/pglite';

/** A connected client as the engine sees it. */
export interface Client {
  send(bytes: Uint8Array): void;
  /** Ends the connection with an error. */
  refuse(code: string, message: string): void;
}

interface Waiting {
  client: Client;
  bytes: Uint8Array;
  open: boolean;
}

/**
 * Gives the single session of the engine to one client after the other. A client keeps it from BEGIN to COMMIT or
 * ROLLBACK and between Flush and Sync. A client which keeps it and says nothing while others wait is cut off: usually
 * it waits itself for a second connection, which would be for ever.
 */
export class Turns {
  readonly #engine: PGlite;
  readonly #patience: number;
  #queue: Waiting[] = [];
  #owner: Client | undefined;
  #running = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param patience milliseconds for which an idle transaction may keep others waiting */
  constructor(engine: PGlite, patience: number) {
    this.#engine = engine;
    this.#patience = patience;
  }

  /** Runs a unit of messages when it is the client's turn; the answer goes to `client.send`. */
  submit(client: Client, bytes: Uint8Array, open: boolean): void {
    this.#queue.push({ client, bytes, open });
    void this.#run();
  }

  /** Forgets a client; its transaction is rolled back. */
  async leave(client: Client): Promise<void> {
    this.#queue = this.#queue.filter((waiting) => waiting.client !== client);
    // Put in front: nobody else may run before the rollback.
    if (this.#owner === client) {
      const nobody: Client = { send: () => undefined, refuse: () => undefined };
      this.#owner = nobody;
      this.#queue.unshift({ client: nobody, bytes: query('ROLLBACK'), open: false });
      await this.#run();
    }
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#take(); next; next = this.#take()) {
        this.#owner = next.client;
        await this.#execute(next);
        if (!next.open && !this.#engine.isInTransaction() && this.#owner === next.client) this.#owner = undefined;
        // Lets sockets of other clients be read and written between two units.
        if (this.#queue.length > 0) await new Promise(setImmediate);
      }
    } finally {
      this.#running = false;
    }
    this.#watch();
  }

  #take(): Waiting | undefined {
    const owner = this.#owner;
    if (!owner) return this.#queue.shift();
    const index = this.#queue.findIndex((waiting) => waiting.client === owner);
    return index === -1 ? undefined : this.#queue.splice(index, 1)[0];
  }

  async #execute(waiting: Waiting): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#engine.execProtocolRawStream(waiting.bytes, {
        syncToFs: false,
        onRawData: (data) => waiting.client.send(data),
      });
    } catch (error) {
      waiting.client.refuse(
        'XX000',
        `the embedded database failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const owner = this.#owner;
    if (!owner || this.#queue.length === 0) return;
    this.#timer = setTimeout(() => {
      if (this.#owner !== owner || this.#running) return;
      owner.refuse(
        '25P03',
        'a transaction was idle while other clients waited; was another connection used inside of it?',
      );
      void this.leave(owner);
    }, this.#patience);
    this.#timer.unref();
  }
}

/** A simple Query message. */
export function query(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`);
  const bytes = Buffer.alloc(5 + text.length);
  bytes.write('Q', 0);
  bytes.writeInt32BE(text.length + 4, 1);
  text.copy(bytes, 5);
  return bytes;
}
