/** One way to find a product's version in its file. */
export interface Signature {
  /**
   * Bytes (Latin-1) that stand next to the version; `{0}` is the version that the file's name carries
   * (`3.11` of `python3.11`).
   */
  anchor: string;
  /** Applied to the text that starts `before` bytes before the anchor; the group `version` is the version. */
  pattern: RegExp;
  before?: number;
}

/** A program that is recognised by its own file. */
export interface Product {
  name: string;
  /** Tested against the file name. A group, if any, is the `{0}` of anchors. */
  file: RegExp;
  signatures: Signature[];
  /** `vendor:product` in the NVD, best first. */
  cpes: [vendor: string, product: string][];
  /** Purl without version, when it is not `pkg:generic/<name>`. */
  purl?: string;
}

/** Version of dotted numbers with the pre-release marks that these programs use. */
const DOTTED = String.raw`(?<version>\d+\.\d+(?:\.\d+)*)`;

/** A pattern for a version, dotted numbers unless told otherwise, right after a prefix. */
export function after(prefix: string, version: string = DOTTED): RegExp {
  return new RegExp(`${prefix}${version}`, 's');
}

/** A product told by a small text file. */
export interface TextProduct {
  name: string;
  path: RegExp;
  pattern: RegExp;
  cpes: [vendor: string, product: string][];
}
