import { hash } from 'node:crypto';

/**
 * Which rows a run had, as 64 bits of the SHA-256 of each: 8 bytes a row. That two of ten million rows share one by
 * accident has a chance below 1 in 300,000.
 */
export class RowKeys {
  #keys = new BigUint64Array(1024);
  #count = 0;

  /** Key of a row as JSON text. */
  static of(row: string): bigint {
    return hash('sha256', row, 'buffer').readBigUInt64LE();
  }

  /** Keys that were written by `bytes`. */
  static read(bytes: Buffer): RowKeys {
    const keys = new RowKeys();
    keys.#count = Math.floor(bytes.length / 8);
    // A copy: the view needs an aligned start.
    keys.#keys = new BigUint64Array(new Uint8Array(bytes.subarray(0, keys.#count * 8)).buffer);
    return keys;
  }

  add(key: bigint): void {
    if (this.#count === this.#keys.length) {
      const larger = new BigUint64Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys[this.#count++] = key;
  }

  /** Is it one of keys that were read? Those are sorted. */
  has(key: bigint): boolean {
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#keys[middle]!;
      if (found === key) return true;
      if (found < key) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }

  /** All keys, sorted. */
  bytes(): Buffer {
    const sorted = this.#keys.subarray(0, this.#count).sort();
    return Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength);
  }
}
