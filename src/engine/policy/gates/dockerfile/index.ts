import type { Gate } from '../../gate.ts';
import { effectiveUser } from './effective-user.ts';
import { exposedPorts } from './exposed-ports.ts';
import { instruction } from './instruction.ts';
import { noDockerfileProvided } from './no-dockerfile-provided.ts';

/** Gate `dockerfile`: how the image was built, and how its containers start. */
export const dockerfileGate: Gate = {
  name: 'dockerfile',
  description: 'How the image was built (Dockerfile or history) and how its containers start (configuration).',
  state: 'active',
  triggers: [instruction, effectiveUser, exposedPorts, noDockerfileProvided],
};
