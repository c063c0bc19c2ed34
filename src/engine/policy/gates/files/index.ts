import type { Gate } from '../../gate.ts';
import { attributeMatch } from './attribute-match.ts';
import { contentRegexMatch } from './content-regex-match.ts';
import { nameMatch } from './name-match.ts';
import { suidOrGuidSet } from './suid-or-guid-set.ts';

/** Gate `files`: names, attributes and searched content of files. */
export const filesGate: Gate = {
  name: 'files',
  description: 'Names, attributes and searched content of files.',
  state: 'active',
  triggers: [contentRegexMatch, nameMatch, attributeMatch, suidOrGuidSet],
};
