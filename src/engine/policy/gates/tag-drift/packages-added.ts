import { driftTrigger } from './drift.ts';

/** Fires once per package that was added. */
export const packagesAdded = driftTrigger(
  'packages_added',
  'A package was added since the previous image of the tag.',
  ({ before }) => before.length === 0,
  'added',
);
