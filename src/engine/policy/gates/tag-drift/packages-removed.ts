import { driftTrigger } from './drift.ts';

/** Fires once per package that was removed. */
export const packagesRemoved = driftTrigger(
  'packages_removed',
  'A package was removed since the previous image of the tag.',
  ({ after }) => after.length === 0,
  'removed',
);
