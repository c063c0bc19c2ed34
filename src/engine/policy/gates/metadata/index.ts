import type { Gate } from '../../gate.ts';
import { attribute } from './attribute.ts';

/** Gate `metadata`: attributes of the image as a whole. */
export const metadataGate: Gate = {
  name: 'metadata',
  description: 'Attributes of the image as a whole.',
  state: 'active',
  triggers: [attribute],
};
