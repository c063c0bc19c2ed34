/** Codes of frontend messages of the PostgreSQL protocol 3.0 which end a unit of work. */
const QUERY = 0x51; // Q
const SYNC = 0x53; // S
const FLUSH = 0x48; // H
const TERMINATE = 0x58; // X
const FUNCTION_CALL = 0x46; // F
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** What a client said, cut so that each unit can be handed to the engine as a whole. */
export type Unit =
  | { kind: 'encryption-request' }
  | { kind: 'cancel' }
  | { kind: 'terminate' }
  | { kind: 'startup'; bytes: Uint8Array }
  /** Whole messages up to Query or Sync; `open` when it ends with Flush and the exchange goes on. */
  | { kind: 'work'; bytes: Uint8Array; open: boolean };

/** A client broke the protocol. */
export class ProtocolError extends Error {}

/**
 * Cuts a client's byte stream into units. The engine has a single session, so the messages of an extended query
 * (Parse, Bind, Execute … Sync) of one client must reach it without those of another between them.
 */
export class FrameReader {
  #buffer: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #waiting = 0;
  #need = 4;
  /** Start of the first message that has not been looked at. */
  #scanned = 0;
  #started = false;
  readonly #limit: number;

  /** @param limit bytes of one unit; more is a protocol error */
  constructor(limit = 256 * 1024 * 1024) {
    this.#limit = limit;
  }

  /** Takes bytes and returns the units which became complete. */
  push(chunk: Buffer): Unit[] {
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    // Large units arrive in many chunks: they are joined once enough is there, not at each chunk.
    if (this.#buffer.length + this.#waiting < this.#need) return [];
    this.#buffer =
      this.#chunks.length === 1 && this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, ...this.#chunks]);
    this.#chunks = [];
    this.#waiting = 0;
    const units: Unit[] = [];
    for (let unit = this.#next(); unit; unit = this.#next()) units.push(unit);
    return units;
  }

  #next(): Unit | undefined {
    return this.#started ? this.#nextWork() : this.#nextStartup();
  }

  #nextStartup(): Unit | undefined {
    if (this.#buffer.length < 8) {
      this.#need = 8;
      return undefined;
    }
    const length = this.#buffer.readInt32BE(0);
    if (length < 8 || length > 10_000) throw new ProtocolError('not a PostgreSQL client');
    if (this.#buffer.length < length) {
      this.#need = length;
      return undefined;
    }
    const bytes = this.#take(length);
    const code = bytes.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption-request' };
    if (code === CANCEL_REQUEST) return { kind: 'cancel' };
    if (code >>> 16 !== 3) throw new ProtocolError('unsupported protocol version');
    this.#started = true;
    return { kind: 'startup', bytes };
  }

  #nextWork(): Unit | undefined {
    while (this.#buffer.length >= this.#scanned + 5) {
      const type = this.#buffer[this.#scanned];
      const length = this.#buffer.readInt32BE(this.#scanned + 1);
      const end = this.#scanned + 1 + length;
      if (length < 4 || end > this.#limit) throw new ProtocolError('message too large or broken');
      if (this.#buffer.length < end) {
        this.#need = end;
        return undefined;
      }
      this.#scanned = end;
      if (type === TERMINATE) {
        this.#buffer = Buffer.alloc(0);
        this.#scanned = 0;
        return { kind: 'terminate' };
      }
      if (type === QUERY || type === SYNC || type === FLUSH || type === FUNCTION_CALL) {
        this.#scanned = 0;
        return { kind: 'work', bytes: this.#take(end), open: type === FLUSH };
      }
    }
    this.#need = this.#scanned + 5;
    return undefined;
  }

  #take(length: number): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(0, length));
    this.#buffer = this.#buffer.subarray(length);
    return bytes;
  }
}

/** An ErrorResponse that ends the connection. */
export function fatalError(code: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E', 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
