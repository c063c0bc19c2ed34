import { formerName, type Gate } from '../../gate.ts';
import { denylist } from './denylist.ts';
import { kevList } from './kev-list.ts';
import { packageTrigger } from './package.ts';
import { staleFeedData } from './stale-feed-data.ts';
import { vulnerabilityDataUnavailable } from './vulnerability-data-unavailable.ts';

/** Gate `vulnerabilities`: matches of installed packages, and the state of the vulnerability data. */
export const vulnerabilitiesGate: Gate = {
  name: 'vulnerabilities',
  description: 'Vulnerabilities of installed packages, and the state of the vulnerability data.',
  state: 'active',
  triggers: [
    packageTrigger,
    denylist,
    formerName(denylist, 'blacklist'),
    staleFeedData,
    vulnerabilityDataUnavailable,
    kevList,
  ],
};
