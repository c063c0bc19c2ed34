import type { Gate } from '../../gate.ts';
import { allowedBaseImageDigest } from './allowed-base-image-digest.ts';
import { allowedBaseImageTag } from './allowed-base-image-tag.ts';
import { denylistAncestorImageDigest } from './denylist-ancestor-image-digest.ts';
import { denylistAncestorImageTag } from './denylist-ancestor-image-tag.ts';
import { noAncestorsAnalyzed } from './no-ancestors-analyzed.ts';

/** Gate `ancestry`: the base image and other ancestors. */
export const ancestryGate: Gate = {
  name: 'ancestry',
  description: 'The base image and other ancestors, among the images known to the account.',
  state: 'active',
  triggers: [
    allowedBaseImageDigest,
    allowedBaseImageTag,
    denylistAncestorImageDigest,
    denylistAncestorImageTag,
    noAncestorsAnalyzed,
  ],
};
