export { type ComparedRule, compareRuns, type RuleChange, type RuleDifference } from './compare.ts';
export { type ContentKind, contentKind, contradictsType, KIND_BYTES, MEDIA_TYPES } from './content-kind.ts';
export { checkHdf } from './hdf/check-hdf.ts';
export { hdfOfReport } from './hdf/from-report.ts';
export type { HdfDocument, HdfSummary } from './hdf/types.ts';
export { readInThread, type ThreadOptions } from './read-in-thread.ts';
export { readComplianceReport } from './read-report.ts';
export * from './types.ts';
export { contradicts, FAILING, PASSING, verdictOf } from './verdict.ts';
