import { DEFAULT_SECRET_RULES } from './rules.ts';
import { searchAnalyzer } from './search-analyzer.ts';

/** Looks for credentials in files up to a size, line by line, with built-in or configured rules. See readme.md. */
export const secretsAnalyzer = searchAnalyzer({
  name: 'secrets',
  version: 1,
  key: 'secrets',
  rules: (settings) => settings.secretRules ?? DEFAULT_SECRET_RULES,
});
