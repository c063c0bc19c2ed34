import { searchAnalyzer } from '../secrets/search-analyzer.ts';

/** Looks for the operator's own expressions in files; off until rules are configured. See readme.md. */
export const contentSearchAnalyzer = searchAnalyzer({
  name: 'content-search',
  version: 1,
  key: 'contentSearch',
  rules: (settings) => settings.contentRules,
});
