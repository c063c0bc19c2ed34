/**
 * The Heimdall Data Format, `exec-json`: what the JSON reporters of InSpec and CINC write, and what STIG tools exchange.
 * Readers keep members that are not named here.
 */
export interface HdfDocument {
  platform: { name: string; release: string; target_id?: string };
  version: string;
  statistics: { duration?: number };
  profiles: HdfProfile[];
}

/** A profile that was run, with its controls. */
export interface HdfProfile {
  name: string;
  title?: string;
  version?: string;
  /** Digest of the profile's source. */
  sha256: string;
  summary?: string;
  supports: unknown[];
  attributes: unknown[];
  groups: { id: string; title?: string; controls: string[] }[];
  controls: HdfControl[];
  status?: string;
}

/** One control. An impact of 0 means that it does not apply or that nobody knows how much it matters. */
export interface HdfControl {
  id: string;
  title?: string | null;
  desc?: string | null;
  descriptions?: { label: string; data: string }[];
  impact: number;
  refs: unknown[];
  tags: Record<string, unknown>;
  code?: string;
  source_location: { ref?: string; line?: number };
  results: HdfResult[];
}

/** One test of a control. */
export interface HdfResult {
  status: HdfStatus;
  code_desc: string;
  /** RFC 3339. */
  start_time: string;
  message?: string;
  skip_message?: string;
  run_time?: number;
}

export type HdfStatus = 'passed' | 'failed' | 'skipped' | 'error';

/** What is known of a document that was checked. */
export interface HdfSummary {
  /** Name or title of the first profile. */
  profile?: string;
  profileVersion?: string;
  platform?: string;
  /** The latest time of a test, RFC 3339. */
  evaluatedAt?: string;
  controls: number;
  counts: Partial<Record<HdfStatus, number>>;
}
