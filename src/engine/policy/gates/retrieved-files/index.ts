import type { Gate } from '../../gate.ts';
import { contentNotAvailable } from './content-not-available.ts';
import { contentRegex } from './content-regex.ts';

/** Gate `retrieved_files`: content of files captured at analysis. */
export const retrievedFilesGate: Gate = {
  name: 'retrieved_files',
  description: 'Content of files captured at analysis.',
  state: 'active',
  triggers: [contentNotAvailable, contentRegex],
};
