import type { Gate } from '../../gate.ts';
import { deny } from './deny.ts';

/** Gate `distro`: the distribution of the image. */
export const distroGate: Gate = {
  name: 'distro',
  description: 'The distribution of the image.',
  state: 'active',
  triggers: [deny],
};
