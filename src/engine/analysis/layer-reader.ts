import type { LateLinks } from './hard-links.ts';
import { LayerPass, type LayerPassOptions } from './layer-pass.ts';
import type { LayerRecord } from './layer-record.ts';

/**
 * Reads one layer from start to end, and once more when hard links ask for it (see `LateLinks`). Push in the blob, then
 * call `end`: it gives the record, or `again` to be given the same blob a second time.
 */
export class LayerReader {
  readonly #options: LayerPassOptions;
  #pass: LayerPass;
  #first: LayerRecord | undefined;

  constructor(options: LayerPassOptions) {
    this.#options = options;
    this.#pass = new LayerPass(options);
  }

  write(chunk: Uint8Array): void {
    this.#pass.write(chunk);
  }

  end(incomplete?: string): LayerRecord | 'again' {
    const record = this.#pass.end(incomplete);
    if (this.#first !== undefined) return withLate(this.#first, record);
    const late: LateLinks = record.complete ? this.#pass.lateLinks(record) : new Map();
    if (late.size === 0) return record;
    this.#first = record;
    this.#pass = new LayerPass({ ...this.#options, hashFiles: false, late });
    return 'again';
  }

  /** Frees what a read that is given up still holds. */
  close(): void {
    this.#pass.close();
  }
}

/** Adds what a second pass found to the record of the first. */
function withLate(first: LayerRecord, second: LayerRecord): LayerRecord {
  if (second.digest === first.digest) {
    const problems = [...first.problems, ...second.problems.filter((problem) => problem.source !== 'layer')];
    return { ...first, facts: [...first.facts, ...second.facts], problems };
  }
  const message = 'The layer changed between two reads; files known only by hard links may be missing.';
  const problem = { code: 'layer-unreadable', message, severity: 'partial' as const, source: 'layer' };
  return { ...first, complete: false, problems: [...first.problems, problem] };
}
