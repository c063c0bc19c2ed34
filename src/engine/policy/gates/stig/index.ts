import type { Gate } from '../../gate.ts';
import { noStigEvaluationsAvailable } from './no-stig-evaluations-available.ts';
import { stigEvaluationsOutdated } from './stig-evaluations-outdated.ts';

/** Gate `stig`: STIG evaluations stored with the image. */
export const stigGate: Gate = {
  name: 'stig',
  description: 'STIG evaluations stored with the image.',
  state: 'active',
  triggers: [noStigEvaluationsAvailable, stigEvaluationsOutdated],
};
