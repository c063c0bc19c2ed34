import { numberField } from './header.ts';

/** Where the stored bytes of a sparse file belong: pairs of offset and length, ascending. */
export interface SparseMap {
  segments: number[];
  realSize: number;
}

/** Most segments accepted: 1 M needs 16 MB. */
export const MAX_SEGMENTS = 1_000_000;

/** Reads `count` old GNU sparse pairs at `at` into `segments`; an entry with an empty offset field ends the list. */
export function readGnuPairs(block: Uint8Array, at: number, count: number, segments: number[]): void {
  for (let i = 0; i < count; i++) {
    const from = at + i * 24;
    if (block[from] === 0) return;
    segments.push(numberField(block, from, 12), numberField(block, from + 12, 12));
  }
}

/** True when segments ascend without overlap inside the file and their lengths add up to what is stored. */
export function isSound(map: SparseMap, stored: number): boolean {
  let end = 0;
  let sum = 0;
  for (let i = 0; i + 1 < map.segments.length; i += 2) {
    const offset = map.segments[i]!;
    const length = map.segments[i + 1]!;
    if (!(offset >= end) || !(length >= 0)) return false;
    end = offset + length;
    sum += length;
  }
  return map.segments.length % 2 === 0 && map.realSize >= end && sum === stored;
}

/** Reads the map that PAX format 1.0 puts before the data: a count, then offset and length lines. */
export class SparseMapReader {
  readonly segments: number[] = [];
  /** Bytes of map consumed, without padding. */
  consumed = 0;
  failed = false;
  done = false;
  #expected = -1;
  #number = 0;
  #digits = 0;

  /** Reads bytes of `chunk` from `at`; returns where it stopped. */
  read(chunk: Uint8Array, at: number, end: number): number {
    let i = at;
    while (i < end && !this.done && !this.failed) {
      const byte = chunk[i++]!;
      this.consumed++;
      if (byte === 0x0a && this.#digits > 0) this.#take();
      else if (byte >= 0x30 && byte <= 0x39 && ++this.#digits <= 16) this.#number = this.#number * 10 + (byte - 0x30);
      else this.failed = true;
    }
    return i;
  }

  #take(): void {
    if (this.#expected < 0) this.#expected = this.#number * 2;
    else this.segments.push(this.#number);
    if (this.#expected > MAX_SEGMENTS * 2) this.failed = true;
    this.#number = 0;
    this.#digits = 0;
    this.done = this.segments.length === this.#expected;
  }
}

const ZEROS = new Uint8Array(64 * 1024);

/** Turns the stored bytes of a sparse file into its real content, holes as zeros. */
export class SparseExpander {
  readonly #map: SparseMap;
  readonly #emit: (chunk: Uint8Array) => void;
  #index = 0;
  #position = 0;

  constructor(map: SparseMap, emit: (chunk: Uint8Array) => void) {
    this.#map = map;
    this.#emit = emit;
  }

  write(chunk: Uint8Array): void {
    let at = 0;
    const { segments } = this.#map;
    while (at < chunk.length && this.#index < segments.length) {
      const offset = segments[this.#index]!;
      const end = offset + segments[this.#index + 1]!;
      this.#zerosTo(offset);
      const n = Math.min(chunk.length - at, end - this.#position);
      if (n > 0) this.#emit(chunk.subarray(at, at + n));
      at += n;
      this.#position += n;
      if (this.#position >= end) this.#index += 2;
    }
  }

  end(): void {
    this.#zerosTo(this.#map.realSize);
  }

  #zerosTo(offset: number): void {
    while (this.#position < offset) {
      const n = Math.min(ZEROS.length, offset - this.#position);
      this.#emit(n === ZEROS.length ? ZEROS : ZEROS.subarray(0, n));
      this.#position += n;
    }
  }
}
