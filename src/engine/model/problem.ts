/**
 * Something that could not be read, and therefore may be missing from a result. Problems are part of every
 * analysis: an empty list means that the result is complete.
 */
export interface Problem {
  /** Stable machine-readable code, kebab-case, e.g. `layer-truncated`, `package-database-unreadable`. */
  code: string;
  /** One sentence for people: what could not be read and what is missing because of it. */
  message: string;
  /** `partial`: evidence may be missing. `note`: odd input, nothing lost. */
  severity: 'partial' | 'note';
  /** Path in the image, when the problem belongs to a file. Nested archives use `outer!/inner`. */
  path?: string;
  /** Digest of the layer, when the problem belongs to one. */
  layer?: string;
  /** Analyzer or reader that met the problem. */
  source: string;
}
