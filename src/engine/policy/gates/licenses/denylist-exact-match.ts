import { deniedLicenses } from './denied-licenses.ts';

/** Fires when a licence name equals a listed one. */
export const denylistExactMatch = deniedLicenses(
  'denylist_exact_match',
  'A package has a licence with exactly a listed name.',
  (license, listed) => license.toLowerCase() === listed.toLowerCase(),
);
