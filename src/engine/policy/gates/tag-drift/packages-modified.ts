import { driftTrigger } from './drift.ts';

/** Fires once per package that was modified. */
export const packagesModified = driftTrigger(
  'packages_modified',
  'A package has other versions than in the previous image of the tag.',
  ({ before, after }) => before.length > 0 && after.length > 0,
  'modified',
);
