import type { Gate } from '../../gate.ts';
import { packagesAdded } from './packages-added.ts';
import { packagesModified } from './packages-modified.ts';
import { packagesRemoved } from './packages-removed.ts';

/** Gate `tag_drift`: packages compared with the image that the tag named before. */
export const tagDriftGate: Gate = {
  name: 'tag_drift',
  description: 'Packages compared with the image that the tag named before.',
  state: 'active',
  triggers: [packagesAdded, packagesRemoved, packagesModified],
};
