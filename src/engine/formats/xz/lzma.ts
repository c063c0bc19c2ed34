/** Bytes that cannot be unpacked. The message is for people. */
export class XzError extends Error {
  override readonly name = 'XzError';
  readonly reason: 'corrupt' | 'unsupported' | 'too-large';

  constructor(reason: XzError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Unpacked bytes; also the dictionary that matches refer to. Grows up to its limit. */
export class Output {
  bytes: Buffer;
  length = 0;
  readonly limit: number;

  constructor(expected: number, limit: number) {
    this.limit = limit;
    this.bytes = Buffer.allocUnsafeSlow(Math.min(Math.max(expected, 4096), limit));
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed > this.limit) throw new XzError('too-large', `the data unpack to more than ${this.limit} bytes`);
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.limit, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

const EVEN = 1024;
const STATES = 12;
const POSITIONS = 16;

// Places of the adaptive bits in one table. The numbers are sizes of the groups before them.
const IS_MATCH = 0;
const IS_REP = IS_MATCH + STATES * POSITIONS;
const IS_REP0 = IS_REP + STATES;
const IS_REP1 = IS_REP0 + STATES;
const IS_REP2 = IS_REP1 + STATES;
const IS_REP0_LONG = IS_REP2 + STATES;
const SLOT = IS_REP0_LONG + STATES * POSITIONS;
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const LENGTHS = ALIGN + 16;
/** Choice bits, then 16 tables of 8, 16 tables of 8, one of 256. */
const LENGTH_SIZE = 2 + POSITIONS * 8 * 2 + 256;
const LITERALS = LENGTHS + 2 * LENGTH_SIZE;

/** Decoder of LZMA chunks, as LZMA2 strings them together: state may outlive a chunk. */
export class LzmaDecoder {
  #probabilities = new Uint16Array(0);
  #lc = 0;
  #lp = 0;
  #pb = 0;
  #state = 0;
  #reps: [number, number, number, number] = [0, 0, 0, 0];
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;

  /** Sets literal context, literal position and position bits from their byte. */
  setProperties(byte: number): void {
    this.#lc = byte % 9;
    this.#lp = Math.floor(byte / 9) % 5;
    this.#pb = Math.floor(byte / 45);
    if (this.#pb > 4 || this.#lc + this.#lp > 4) throw new XzError('corrupt', 'the properties make no sense');
  }

  /** Forgets what was learned. */
  reset(): void {
    const size = LITERALS + 0x300 * 2 ** (this.#lc + this.#lp);
    if (this.#probabilities.length !== size) this.#probabilities = new Uint16Array(size);
    this.#probabilities.fill(EVEN);
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
  }

  /** Unpacks one chunk of exactly `size` bytes to `output`; distances may reach back to `dictionaryStart`. */
  decode(input: Uint8Array, output: Output, size: number, dictionaryStart: number): void {
    if (this.#probabilities.length === 0) throw new XzError('corrupt', 'a chunk comes before its properties');
    if (input.length < 5 || input[0] !== 0) throw new XzError('corrupt', 'a chunk has no start');
    this.#input = input;
    this.#range = 0xffffffff;
    this.#code = Buffer.from(input.buffer, input.byteOffset, input.length).readUInt32BE(1);
    this.#at = 5;
    output.reserve(size);
    const end = output.length + size;
    const positionMask = 2 ** this.#pb - 1;
    while (output.length < end) {
      const position = (output.length - dictionaryStart) & positionMask;
      if (this.#bit(IS_MATCH + this.#state * POSITIONS + position) === 0) this.#literal(output, dictionaryStart);
      else this.#match(output, end, position, dictionaryStart);
      if (this.#at > input.length) throw new XzError('corrupt', 'a chunk ends early');
    }
  }

  #literal(output: Output, start: number): void {
    const { bytes, length } = output;
    const previous = length > start ? (bytes[length - 1] as number) : 0;
    const context =
      ((((length - start) & (2 ** this.#lp - 1)) << this.#lc) + (previous >> (8 - this.#lc))) * 0x300 + LITERALS;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = bytes[length - this.#reps[0] - 1] as number;
      while (symbol < 0x100) {
        matched <<= 1;
        const expected = matched & 0x100;
        const bit = this.#bit(context + 0x100 + expected + symbol);
        symbol = (symbol << 1) | bit;
        if (expected >> 8 !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(context + symbol);
    bytes[length] = symbol;
    output.length = length + 1;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(output: Output, end: number, position: number, start: number): void {
    const reps = this.#reps;
    const state = this.#state;
    let length: number;
    if (this.#bit(IS_REP + state) === 0) {
      reps[3] = reps[2];
      reps[2] = reps[1];
      reps[1] = reps[0];
      length = this.#length(LENGTHS, position);
      reps[0] = this.#distance(length);
      this.#state = state < 7 ? 7 : 10;
    } else {
      if (this.#bit(IS_REP0 + state) === 0) {
        if (this.#bit(IS_REP0_LONG + state * POSITIONS + position) === 0) {
          this.#state = state < 7 ? 9 : 11;
          this.#copy(output, 1, end, start);
          return;
        }
      } else {
        let distance = reps[1];
        if (this.#bit(IS_REP1 + state) === 1) {
          distance = reps[2];
          if (this.#bit(IS_REP2 + state) === 1) {
            distance = reps[3];
            reps[3] = reps[2];
          }
          reps[2] = reps[1];
        }
        reps[1] = reps[0];
        reps[0] = distance;
      }
      length = this.#length(LENGTHS + LENGTH_SIZE, position);
      this.#state = state < 7 ? 8 : 11;
    }
    this.#copy(output, length, end, start);
  }

  #copy(output: Output, length: number, end: number, start: number): void {
    const { bytes } = output;
    let at = output.length;
    let from = at - this.#reps[0] - 1;
    if (from < start || at + length > end) throw new XzError('corrupt', 'a match lies outside of the data');
    for (let left = length; left > 0; left--) bytes[at++] = bytes[from++] as number;
    output.length = at;
  }

  #length(base: number, position: number): number {
    if (this.#bit(base) === 0) return 2 + this.#tree(base + 2 + position * 8, 3);
    if (this.#bit(base + 1) === 0) return 10 + this.#tree(base + 2 + (POSITIONS + position) * 8, 3);
    return 18 + this.#tree(base + 2 + POSITIONS * 16, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(SLOT + Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + this.#reverseTree(SPECIAL + base - slot, bits);
    return base + this.#direct(bits - 4) * 16 + this.#reverseTree(ALIGN, 4);
  }

  #tree(base: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.#bit(base + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.#normalize();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    // Beyond the end zeros follow; the chunk is refused when its end has been passed.
    this.#code = ((this.#code << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
  }

  #bit(index: number): 0 | 1 {
    this.#normalize();
    const probability = this.#probabilities[index] as number;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[index] = probability + ((2048 - probability) >> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probabilities[index] = probability - (probability >> 5);
    return 1;
  }
}
