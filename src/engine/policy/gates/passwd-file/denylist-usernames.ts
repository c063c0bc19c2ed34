import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';
import { deniedEntries } from './denied-entries.ts';

/** Fires once per entry with a listed name. */
export const denylistUsernames = defineTrigger({
  name: 'denylist_usernames',
  description: 'A user of a listed name exists.',
  parameters: {
    user_names: required(list, { description: 'User names.', example: 'daemon,ftp', aliases: ['usernameblacklist'] }),
  },
  evaluate: (context) =>
    deniedEntries(context, 'user name', (entry) =>
      context.params.user_names.includes(entry.name) ? entry.name : undefined,
    ),
});
