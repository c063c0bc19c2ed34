/** What a statement says of a vulnerability in a product, as OpenVEX and the API spell it. */
export const VEX_STATUSES = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
export type VexStatus = (typeof VEX_STATUSES)[number];

/** Why a product is not affected. The last one is not part of OpenVEX: it goes with `affected`. */
export const VEX_JUSTIFICATIONS = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
  'fix_not_planned',
] as const;
export type VexJustification = (typeof VEX_JUSTIFICATIONS)[number];

/** A thing that a statement speaks of. It is what any of its identifiers says. */
export interface VexIdentity {
  /** Package URLs. */
  purls: string[];
  /** `sha256:…` */
  digests: string[];
  /** References as people write them: `registry.example.com/team/app:1`. */
  names: string[];
  /** CPE names. */
  cpes: string[];
}

/** A product, and the parts of it that the statement is limited to: none means the product as a whole. */
export interface VexProduct extends VexIdentity {
  subcomponents: VexIdentity[];
  /** The statement holds for this version alone, when neither purl nor digest tells. */
  version?: string;
}

/** One statement of a document. */
export interface VexStatement {
  /** Main id first, then the other names of the same flaw. */
  vulnerabilities: string[];
  products: VexProduct[];
  status: VexStatus;
  justification?: VexJustification;
  statusNotes?: string;
  impactStatement?: string;
  actionStatement?: string;
  /** RFC 3339: the newest statement counts. */
  timestamp?: string;
}

export type VexFormat = 'openvex' | 'csaf' | 'cyclonedx';

/** A VEX document, whatever form it came in. */
export interface VexDocument {
  format: VexFormat;
  /** As the document states it; a hash of the content where it states none. */
  id: string;
  author?: string;
  version?: string;
  /** RFC 3339 of the last change. */
  issuedAt?: string;
  statements: VexStatement[];
  /** What was left out, and why; for people. */
  problems: string[];
}

/** Bytes that are no VEX document this product reads. The message is for people. */
export class VexError extends Error {
  override readonly name = 'VexError';
}
