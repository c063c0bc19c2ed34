import type { Gate } from '../../gate.ts';
import { contentRegexChecks } from './content-regex-checks.ts';

/** Gate `secret_scans`: results of the secret search. */
export const secretScansGate: Gate = {
  name: 'secret_scans',
  description: 'Results of the secret search.',
  state: 'active',
  triggers: [contentRegexChecks],
};
