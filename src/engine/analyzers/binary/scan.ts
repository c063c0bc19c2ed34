import { type ByteSource, pieces } from '../../formats/byte-source.ts';
import { openExecutables } from '../../formats/executable.ts';
import type { Product, Signature } from './product.ts';

/** A product and the version that its file told. */
export interface BinaryHit {
  product: string;
  version: string;
}

const OVERLAP = 4096;
const LARGEST_SCAN = 512 << 20;
const WINDOW = 512;
/** Hits of an anchor that are tried before a signature is given up. */
const MOST_TRIES = 5000;

const TEXT_SECTION =
  /^(\.rodata|\.rdata|\.data(\.rel\.ro)?|\.lrodata|__TEXT,__(cstring|const)|__DATA(_CONST)?,__(const|data))/;

interface Range {
  offset: number;
  size: number;
}

/** Parts of the file where strings live: read-only data, else everything that is not code. */
function ranges(source: ByteSource): Range[] {
  const executables = openExecutables(source);
  const [first] = executables;
  if (first === undefined || first.source !== source) return [{ offset: 0, size: source.size }];
  const sections = first.sections.filter((section) => TEXT_SECTION.test(section.name) && section.size > 0);
  if (sections.length > 0) return sections;
  const mapped = first.mappings.filter((mapping) => !mapping.executable && mapping.size > 0);
  return mapped.length > 0 ? mapped : [{ offset: 0, size: source.size }];
}

/**
 * Looks for the products whose file names fit. Each is reported at most once, with the version of its first
 * signature that matches. Reads at most half a GiB, in pieces; patterns see short windows only.
 */
export function scanBinary(
  source: ByteSource,
  candidates: readonly { product: Product; nameVersion: string }[],
): BinaryHit[] {
  const places = ranges(source);
  const hits: BinaryHit[] = [];
  for (const { product, nameVersion } of candidates) {
    const version = firstVersion(source, places, product, nameVersion);
    if (version !== undefined) hits.push({ product: product.name, version });
  }
  return hits;
}

function firstVersion(source: ByteSource, places: Range[], product: Product, nameVersion: string): string | undefined {
  for (const signature of product.signatures) {
    if (signature.anchor.includes('{0}') && nameVersion === '') continue;
    const version = search(source, places, signature, signature.anchor.replace('{0}', nameVersion));
    if (version !== undefined) return version;
  }
  return undefined;
}

function search(
  source: ByteSource,
  places: Range[],
  { pattern, before = 0 }: Signature,
  anchor: string,
): string | undefined {
  const needle = Buffer.from(anchor, 'latin1');
  let budget = LARGEST_SCAN;
  let tries = MOST_TRIES;
  for (const { offset, size } of places) {
    const length = Math.min(size, budget);
    budget -= length;
    for (const piece of pieces(source, offset, length, OVERLAP)) {
      for (let hit = piece.indexOf(needle); hit >= 0; hit = piece.indexOf(needle, hit + 1)) {
        if (--tries < 0) return undefined;
        const window = piece.toString('latin1', Math.max(0, hit - before), Math.min(hit + WINDOW, piece.length));
        const version = pattern.exec(window)?.groups?.version;
        if (version !== undefined) return version;
      }
    }
  }
  return undefined;
}
