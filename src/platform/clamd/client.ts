import { connect, type Socket } from 'node:net';

/** State of a ClamAV daemon. */
export interface ClamdVersion {
  /** `ClamAV 1.4.6`. */
  engine: string;
  /** Number of the daily signatures, `27400`; absent without signatures of the project. */
  signatures?: string;
  /** When they were made, as the daemon writes it. */
  signaturesDate?: string;
}

/** The daemon cannot be reached, does not answer, or does not take a file. */
export class ClamdError extends Error {
  override name = 'ClamdError';
  /** `refused`: this file alone, for example because it is larger than the daemon allows. */
  readonly kind: 'unreachable' | 'refused';
  /** Part of a file had been sent. */
  whileSending = false;
  constructor(kind: 'unreachable' | 'refused', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** A session with a ClamAV daemon; one request at a time. */
export interface ClamdClient {
  version(): Promise<ClamdVersion>;
  /** Scans bytes. Returns the name of the signature that matches, undefined when none does. Throws ClamdError. */
  scan(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string | undefined>;
  close(): void;
}

/** Where the daemon listens: a socket file, or `host:port`. */
export interface ClamdOptions {
  address: string;
  /** Longest wait for one answer, ms. */
  timeoutMs: number;
}

/** Longest chunk of INSTREAM that is sent. */
const CHUNK = 256 << 10;
/** Answers are a line of text. */
const LONGEST_ANSWER = 64 << 10;

/**
 * Client of clamd's protocol (clamd(8)): `IDSESSION`, then `VERSION` and `INSTREAM`, commands and answers ended by NUL. The
 * connection is made when it is needed, and made again when the daemon closed it while nothing was asked.
 */
export function createClamdClient({ address, timeoutMs }: ClamdOptions): ClamdClient {
  let session: Session | undefined;

  async function open(): Promise<Session> {
    if (session && !session.closed) return session;
    session = await Session.open(address, timeoutMs);
    return session;
  }

  /**
   * A daemon that refuses a file while it is being sent closes the connection, and its answer may be lost with it. One that
   * answers at once afterwards has refused the file.
   */
  async function cutOff(error: unknown): Promise<string> {
    if (!(error instanceof ClamdError) || !error.whileSending) throw error;
    await version().catch(() => {
      throw error;
    });
    throw new ClamdError('refused', 'clamd closed the connection while the file was sent');
  }

  async function version(): Promise<ClamdVersion> {
    const answer = await (await open()).ask('VERSION');
    const [engine = '', signatures, signaturesDate] = answer.split('/');
    if (!engine.startsWith('ClamAV'))
      throw new ClamdError('unreachable', `${address} is no clamd: ${answer.slice(0, 100)}`);
    return { engine, ...(signatures ? { signatures } : {}), ...(signaturesDate ? { signaturesDate } : {}) };
  }

  return {
    version,
    async scan(content) {
      const answer = await (await open()).ask('INSTREAM', content).catch(cutOff);
      const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
      if (found !== undefined) return found;
      if (answer === 'stream: OK') return undefined;
      throw new ClamdError('refused', answer.slice(0, 500));
    },
    close() {
      session?.end();
      session = undefined;
    },
  };
}

class Session {
  closed = false;
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #received = Buffer.alloc(0);
  #waiting: { resolve(answer: string): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', (error) => this.#fail(new ClamdError('unreachable', error.message, { cause: error })));
    socket.on('close', () => this.#fail(new ClamdError('unreachable', 'clamd closed the connection')));
    socket.unref();
  }

  static open(address: string, timeoutMs: number): Promise<Session> {
    const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
    const socket = host && port ? connect(Number(port), host.replace(/^\[|\]$/g, '')) : connect(address);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        socket.destroy();
        reject(
          new ClamdError('unreachable', `clamd cannot be reached at ${address}: ${error.message}`, { cause: error }),
        );
      };
      socket.setTimeout(timeoutMs, () => fail(new Error('no answer in time')));
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        socket.setTimeout(0);
        socket.write('zIDSESSION\0');
        resolve(new Session(socket, timeoutMs));
      });
    });
  }

  /** Sends a command, with a body if there is one, and waits for its answer. */
  async ask(command: string, body?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
    this.#socket.ref();
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      // The answer to a body that is refused comes before its end.
      timer = setTimeout(
        () => this.#fail(new ClamdError('unreachable', 'clamd did not answer in time')),
        this.#timeoutMs,
      );
    });
    // What is thrown while sending counts; the answer then does not.
    answer.catch(() => undefined);
    try {
      this.#socket.write(`z${command}\0`);
      if (body) await this.#send(body);
      return await answer;
    } catch (error) {
      if (error instanceof ClamdError) error.whileSending = body !== undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
      this.#socket.unref();
    }
  }

  end(): void {
    this.closed = true;
    this.#socket.end('zEND\0');
    this.#socket.destroySoon();
  }

  async #send(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const length = Buffer.alloc(4);
    for await (const part of body) {
      for (let at = 0; at < part.length; at += CHUNK) {
        // Refused in the middle: what is left need not be sent, and the session is over.
        if (this.closed || this.#answered) return;
        const chunk = part.subarray(at, at + CHUNK);
        length.writeUInt32BE(chunk.length);
        this.#socket.write(Buffer.from(length));
        if (!this.#socket.write(chunk)) await this.#drained();
      }
    }
    if (!this.closed && !this.#answered) this.#socket.write(Buffer.alloc(4));
  }

  get #answered(): boolean {
    return this.#waiting === undefined;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    const end = this.#received.indexOf(0);
    if (end < 0) {
      if (this.#received.length > LONGEST_ANSWER) this.#fail(new ClamdError('unreachable', 'the answer has no end'));
      return;
    }
    const answer = this.#received
      .toString('utf8', 0, end)
      .replace(/^\d+: /, '')
      .trim();
    this.#received = this.#received.subarray(end + 1);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
    // clamd ends the session after an error.
    if (answer.endsWith('ERROR')) this.#fail(new ClamdError('unreachable', answer));
  }

  #fail(error: ClamdError): void {
    this.closed = true;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}
