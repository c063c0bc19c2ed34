/** Root of a report in the Asset Reporting Format 1.1 (NISTIR 7694). */
export const ARF = 'http://scap.nist.gov/schema/asset-reporting-format/1.1';
/** Asset Identification 1.1 (NISTIR 7693): names of what a report is about. */
export const ASSET = 'http://scap.nist.gov/schema/asset-identification/1.1';
