import { defineTrigger } from '../../gate.ts';
import { optional, text } from '../../parameter.ts';

/** Fires once per file and expression of the content search. */
export const contentRegexMatch = defineTrigger({
  name: 'content_regex_match',
  description: 'The content search of the analysis found a configured expression in a file.',
  parameters: {
    regex_name: optional(text, {
      description: 'Name of the expression, or its text; all when absent.',
      example: 'password',
    }),
  },
  *evaluate({ params, read }) {
    const wanted = params.regex_name;
    for (const hit of read('contentSearch') ?? []) {
      if (wanted !== undefined && hit.name !== wanted && hit.regex !== wanted) continue;
      yield {
        message: `Content search ${hit.name} found in ${hit.path}`,
        key: `${hit.path}#${hit.name}`,
        evidence: { path: hit.path, name: hit.name, lines: hit.lines },
      };
    }
  },
});
