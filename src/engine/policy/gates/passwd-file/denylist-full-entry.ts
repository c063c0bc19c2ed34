import { defineTrigger } from '../../gate.ts';
import { required, text } from '../../parameter.ts';
import { deniedEntries } from './denied-entries.ts';

/** Fires once per entry with the given line. */
export const denylistFullEntry = defineTrigger({
  name: 'denylist_full_entry',
  description: 'The user database holds exactly the given line.',
  parameters: {
    entry: required(text, { description: 'The whole line.', example: 'ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin' }),
  },
  evaluate: (context) =>
    deniedEntries(context, 'entry of user', (entry) =>
      entry.line.trim() === context.params.entry.trim() ? entry.name : undefined,
    ),
});
