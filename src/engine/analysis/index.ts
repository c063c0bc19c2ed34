export { analyzeDirectory } from './analyze-directory.ts';
export { type AnalysisProgress, type AnalyzeOptions, analyzeImage, DEFAULT_SETTINGS } from './analyze-image.ts';
export { analyzerSetVersion, type LayerCache } from './layer-codec.ts';
export { createLayerPool, type LayerPool } from './layer-pool.ts';
export { type AnalysisLimits, DEFAULT_LIMITS } from './limits.ts';
