import type { Analyzer } from '../analyzers/types.ts';

/** Does what the name of a file says: never comes back, or ends the thread. Everything else is a fact. */
const misbehaving: Analyzer<string> = {
  name: 'misbehaving',
  version: 1,
  kind: 'packages',
  select(file) {
    if (file.path === '/endless') for (;;);
    if (file.path === '/exit') process.exit(7);
    return { kind: 'whole', limit: 100, read: (content) => Buffer.from(content.bytes()).toString() };
  },
  collect: () => ({}),
};

export const analyzers: readonly Analyzer[] = [misbehaving];
