import { defineTrigger } from '../../gate.ts';
import { oneOf, regularExpression, required, text } from '../../parameter.ts';
import { readRetrievedFile } from '../../retrieved-text.ts';

/** Fires once when a line matches, or when none does. */
export const contentRegex = defineTrigger({
  name: 'content_regex',
  description: 'A line of a captured file matches the expression from its start, or no line does.',
  parameters: {
    path: required(text, { description: 'Absolute path.', example: '/etc/ssh/sshd_config' }),
    check: required(oneOf(['match', 'no_match']), {
      description: 'Fire when a line matches, or when none does.',
      example: 'match',
    }),
    regex: required(regularExpression, {
      description: 'Expression, compared with each line from its start.',
      example: 'PermitRootLogin\\s+yes',
    }),
  },
  *evaluate(context) {
    const { path, check, regex } = context.params;
    const content = readRetrievedFile(context, path);
    if (content === undefined) return;
    const flags = context.regex.matches(regex.regex, content.split(/\r?\n/));
    const lines = flags.flatMap((matched, index) => (matched ? [index + 1] : []));
    if (lines.length > 0 !== (check === 'match')) return;
    const place =
      lines.length > 0 ? `line ${lines.slice(0, 10).join(', ')} of ${path} matches` : `no line of ${path} matches`;
    yield {
      message: `Captured file: ${place} ${regex.text}`,
      key: `${path}#${check}#${regex.text}`,
      triggerId: `${context.ruleId}+file://${path}`,
      evidence: { path, lines: lines.slice(0, 100) },
    };
  },
});
