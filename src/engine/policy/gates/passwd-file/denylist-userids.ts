import { defineTrigger } from '../../gate.ts';
import { integerList, required } from '../../parameter.ts';
import { deniedEntries } from './denied-entries.ts';

/** Fires once per entry with a listed user id. */
export const denylistUserids = defineTrigger({
  name: 'denylist_userids',
  description: 'A user of a listed id exists.',
  parameters: {
    user_ids: required(integerList, { description: 'User ids.', example: '0,1', aliases: ['useridblacklist'] }),
  },
  evaluate: (context) =>
    deniedEntries(context, 'user id', (entry) =>
      context.params.user_ids.includes(entry.uid ?? -1) ? entry.uid : undefined,
    ),
});
