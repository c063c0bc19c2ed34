import type { Gate } from '../../gate.ts';
import { always } from './always.ts';

/** Gate `always`: an unconditional match. */
export const alwaysGate: Gate = {
  name: 'always',
  description: 'An unconditional match.',
  state: 'active',
  triggers: [always],
};
