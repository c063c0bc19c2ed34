import { defineTrigger } from '../../gate.ts';
import { isRetrieved } from '../../retrieved-text.ts';
import { PASSWD_PATH } from './passwd-entries.ts';

/** Fires when the user database was not captured. */
export const contentNotAvailable = defineTrigger({
  name: 'content_not_available',
  description: 'The user database was not captured at analysis.',
  parameters: {},
  *evaluate(context) {
    if (isRetrieved(context, PASSWD_PATH)) return;
    yield { message: `${PASSWD_PATH} was not captured at analysis`, key: 'content_not_available' };
  },
});
