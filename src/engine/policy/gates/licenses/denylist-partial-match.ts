import { deniedLicenses } from './denied-licenses.ts';

/** Fires when a licence name contains a listed text. */
export const denylistPartialMatch = deniedLicenses(
  'denylist_partial_match',
  'A package has a licence whose name contains a listed text.',
  (license, listed) => license.toLowerCase().includes(listed.toLowerCase()),
);
