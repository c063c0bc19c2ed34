import { defineTrigger } from '../../gate.ts';
import { regularExpression, required } from '../../parameter.ts';

/** Fires once per path that matches. */
export const nameMatch = defineTrigger({
  name: 'name_match',
  description: 'A path of the image matches the expression from its start.',
  parameters: {
    regex: required(regularExpression, {
      description: 'Expression, anchored at the start of the path only.',
      example: '.*\\.pem$',
    }),
  },
  *evaluate({ params, read, regex }) {
    const files = read('files');
    if (!files) return;
    const flags = regex.matches(
      params.regex.regex,
      files.map((file) => file.path),
    );
    for (const [index, file] of files.entries()) {
      if (!flags[index]) continue;
      yield {
        message: `Path ${file.path} matches ${params.regex.text}`,
        key: `${file.path}#${params.regex.text}`,
        evidence: { path: file.path, type: file.type },
      };
    }
  },
});
