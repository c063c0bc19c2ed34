export { type AnalysisKeys, getAnalysisDocument, getAnalysisFiles, putAnalysis } from './document.ts';
export {
  analysisOfImage,
  deleteOrphanAnalyses,
  packageIdsOf,
  saveAnalysis,
  saveDistinctPackages,
  sentAnalysis,
  sharedAnalysis,
} from './store.ts';
