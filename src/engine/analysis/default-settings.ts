import type { AnalyzerSettings } from '../analyzers/types.ts';

/** Settings under which nothing site-specific is searched for. */
export const DEFAULT_SETTINGS: AnalyzerSettings = {
  secretSearchMaxFileSize: 1024 * 1024,
  contentRules: [],
  retrieveFiles: ['/etc/passwd'],
  retrieveMaxFileSize: 1000 * 1024,
};
