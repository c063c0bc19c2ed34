export { type AssembledEvidence, assembleEvidence } from './assemble.ts';
export { distroLookup } from './distro-lookup.ts';
export { packageId, primaryPath } from './package-id.ts';
export { formatPurl, type PurlParts } from './purl.ts';
export { analyzers } from './registry.ts';
export type { Analyzer, AnalyzerSettings, CollectContext, Evidence } from './types.ts';
