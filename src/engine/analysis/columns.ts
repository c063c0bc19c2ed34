/** Growing byte array. */
export class ByteColumn {
  length = 0;
  #bytes: Uint8Array;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Makes room for `count` bytes and returns the array and where to write. */
  reserve(count: number): { bytes: Uint8Array; at: number } {
    const at = this.length;
    if (at + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + count));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    this.length = at + count;
    return { bytes: this.#bytes, at };
  }

  append(part: Uint8Array): void {
    const { bytes, at } = this.reserve(part.length);
    bytes.set(part, at);
  }

  appendText(text: string): void {
    const { at } = this.reserve(text.length * 3);
    const written = Buffer.from(this.#bytes.buffer, at, text.length * 3).write(text, 'utf8');
    this.length = at + written;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
