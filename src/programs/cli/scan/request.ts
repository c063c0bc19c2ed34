import type { Severity } from '#engine/vulnerabilities/types.ts';
import type { ProgressMode } from '../terminal/progress.ts';
import type { ScanQuestion } from './explain.ts';
import type { ScanOutput } from './outputs.ts';

/** A scan as asked for on the command line. */
export interface ScanRequest {
  /** Image reference, `kind:target` or path. */
  source: string;
  outputs: ScanOutput[];
  /** No evidence but packages, no matching, no policy. */
  packagesOnly: boolean;
  /** Location of the vulnerability database; absent: `WINDLASS_FEED_URL`, else the public one. */
  database?: string;
  /** Look for a newer database. */
  update: boolean;
  /** Answered instead of a report. */
  question?: ScanQuestion;
  policyFile?: string;
  failOn?: Severity;
  /** Exit with 0 although parts could not be read. */
  allowIncomplete: boolean;
  /** VEX documents to apply. */
  vexFiles?: string[];
  /** YAML file of searches and files to keep. */
  analyzerConfig?: string;
  /** Full tag to judge the image as. */
  tag?: string;
  platform?: string;
  username?: string;
  password?: string;
  insecure: boolean;
  caFile?: string;
  /** Keep and use layers of earlier scans. */
  useCache: boolean;
  progress: ProgressMode;
}
