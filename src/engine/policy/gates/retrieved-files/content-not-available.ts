import { defineTrigger } from '../../gate.ts';
import { required, text } from '../../parameter.ts';
import { isRetrieved } from '../../retrieved-text.ts';

/** Fires when the path was not captured. */
export const contentNotAvailable = defineTrigger({
  name: 'content_not_available',
  description: 'The file was not captured at analysis.',
  parameters: { path: required(text, { description: 'Absolute path.', example: '/etc/ssh/sshd_config' }) },
  *evaluate(context) {
    const { path } = context.params;
    if (isRetrieved(context, path)) return;
    yield { message: `${path} was not captured at analysis`, key: path, evidence: { path } };
  },
});
