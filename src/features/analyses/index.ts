export { type AnalysisKeys, getAnalysisDocument, getAnalysisFiles, putAnalysis } from './document.ts';
export { deleteOrphanAnalyses, findAnalysis, packageIdsOf, saveAnalysis } from './store.ts';
