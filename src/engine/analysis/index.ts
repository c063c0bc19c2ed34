export { analyzeDirectory } from './analyze-directory.ts';
export { type AnalysisProgress, type AnalyzeOptions, analyzeImage } from './analyze-image.ts';
export { AnalyzerConfigError, readAnalyzerConfig } from './analyzer-config.ts';
export { DEFAULT_SETTINGS } from './default-settings.ts';
export { analyzerSetVersion, type LayerCache } from './layer-codec.ts';
export { createLayerPool, type LayerPool } from './layer-pool.ts';
export { type AnalysisLimits, DEFAULT_LIMITS } from './limits.ts';
