import { formerName, type Gate } from '../../gate.ts';
import { contentNotAvailable } from './content-not-available.ts';
import { denylistFullEntry } from './denylist-full-entry.ts';
import { denylistGroupids } from './denylist-groupids.ts';
import { denylistShells } from './denylist-shells.ts';
import { denylistUserids } from './denylist-userids.ts';
import { denylistUsernames } from './denylist-usernames.ts';

/** Gate `passwd_file`: entries of /etc/passwd. */
export const passwdFileGate: Gate = {
  name: 'passwd_file',
  description: 'Entries of /etc/passwd as captured at analysis.',
  state: 'active',
  triggers: [
    contentNotAvailable,
    denylistUsernames,
    formerName(denylistUsernames, 'blacklist_usernames'),
    denylistUserids,
    formerName(denylistUserids, 'blacklist_userids'),
    denylistGroupids,
    formerName(denylistGroupids, 'blacklist_groupids'),
    denylistShells,
    formerName(denylistShells, 'blacklist_shells', ['shellmatch']),
    denylistFullEntry,
    formerName(denylistFullEntry, 'blacklist_full_entry'),
  ],
};
