import { formerName, type Gate } from '../../gate.ts';
import { denylistExactMatch } from './denylist-exact-match.ts';
import { denylistPartialMatch } from './denylist-partial-match.ts';

/** Gate `licenses`: licences of installed packages. */
export const licensesGate: Gate = {
  name: 'licenses',
  description: 'Licences of installed packages.',
  state: 'active',
  triggers: [
    denylistExactMatch,
    denylistPartialMatch,
    formerName(denylistExactMatch, 'blacklist_exact_match'),
    formerName(denylistPartialMatch, 'blacklist_partial_match'),
  ],
};
