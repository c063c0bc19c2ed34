import { defineTrigger } from '../../gate.ts';
import { integerList, required } from '../../parameter.ts';
import { deniedEntries } from './denied-entries.ts';

/** Fires once per entry with a listed primary group. */
export const denylistGroupids = defineTrigger({
  name: 'denylist_groupids',
  description: 'A user with a listed primary group id exists.',
  parameters: {
    group_ids: required(integerList, { description: 'Group ids.', example: '0,999' }),
  },
  evaluate: (context) =>
    deniedEntries(context, 'group id', (entry) =>
      context.params.group_ids.includes(entry.gid ?? -1) ? entry.gid : undefined,
    ),
});
