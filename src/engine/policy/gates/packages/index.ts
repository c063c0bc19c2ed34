import { formerName, type Gate } from '../../gate.ts';
import { denylist } from './denylist.ts';
import { metadata } from './metadata.ts';
import { requiredPackage } from './required-package.ts';
import { verify } from './verify.ts';

/** Gate `packages`: presence, integrity and properties of installed packages. */
export const packagesGate: Gate = {
  name: 'packages',
  description: 'Presence, integrity and properties of installed packages.',
  state: 'active',
  triggers: [requiredPackage, verify, denylist, formerName(denylist, 'blacklist'), metadata],
};
