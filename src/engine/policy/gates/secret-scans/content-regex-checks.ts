import { defineTrigger } from '../../gate.ts';
import { defaulted, oneOf, optional, regularExpression, text } from '../../parameter.ts';

/** Fires per file and pattern that was found, or once when none was. */
export const contentRegexChecks = defineTrigger({
  name: 'content_regex_checks',
  description: 'The secret search found a pattern in a file, or did not.',
  parameters: {
    content_regex_name: optional(text, {
      description: 'Name of the pattern; all when absent.',
      example: 'AWS_ACCESS_KEY',
    }),
    filename_regex: optional(regularExpression, {
      description: 'Only paths that match, from their start.',
      example: '/etc/.*',
    }),
    match_type: defaulted(oneOf(['found', 'notfound']), 'found', {
      description: 'Fire for each hit, or once when there is none.',
      example: 'found',
    }),
  },
  *evaluate({ params, read, regex }) {
    const all = read('secrets');
    if (!all) return;
    const name = params.content_regex_name;
    const named = all.filter((hit) => name === undefined || hit.name === name);
    const flags = params.filename_regex
      ? regex.matches(
          params.filename_regex.regex,
          named.map((hit) => hit.path),
        )
      : undefined;
    const hits = flags ? named.filter((_, index) => flags[index]) : named;
    if (params.match_type === 'notfound') {
      if (hits.length > 0) return;
      yield {
        message: `Secret search found no ${name ?? 'secret'}${params.filename_regex ? ` in paths like ${params.filename_regex.text}` : ''}`,
        key: `notfound#${name ?? ''}#${params.filename_regex?.text ?? ''}`,
      };
      return;
    }
    for (const hit of hits) {
      const lines = hit.lines.map((line) => line + 1);
      yield {
        message: `Secret search found ${hit.name} in ${hit.path}${lines.length > 0 ? `, line ${lines.slice(0, 10).join(', ')}` : ''}`,
        key: `${hit.path}#${hit.name}`,
        evidence: { path: hit.path, name: hit.name, lines, ...(hit.layer === undefined ? {} : { layer: hit.layer }) },
      };
    }
  },
});
