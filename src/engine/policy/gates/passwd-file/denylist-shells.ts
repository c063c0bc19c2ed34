import { defineTrigger } from '../../gate.ts';
import { list, required } from '../../parameter.ts';
import { deniedEntries } from './denied-entries.ts';

/** Fires once per entry with a listed login shell. */
export const denylistShells = defineTrigger({
  name: 'denylist_shells',
  description: 'A user with a listed login shell exists.',
  parameters: {
    shells: required(list, { description: 'Login shells.', example: '/bin/bash,/bin/zsh' }),
  },
  evaluate: (context) =>
    deniedEntries(context, 'login shell', (entry) =>
      context.params.shells.includes(entry.shell) ? entry.shell : undefined,
    ),
});
