import type { Gate } from '../gate.ts';
import { alwaysGate } from './always/index.ts';
import { ancestryGate } from './ancestry/index.ts';
import { distroGate } from './distro/index.ts';
import { dockerfileGate } from './dockerfile/index.ts';
import { filesGate } from './files/index.ts';
import { imageSourceDriftGate } from './image-source-drift/index.ts';
import { licensesGate } from './licenses/index.ts';
import { malwareGate } from './malware/index.ts';
import { metadataGate } from './metadata/index.ts';
import { npmsGate } from './npms/index.ts';
import { packagesGate } from './packages/index.ts';
import { passwdFileGate } from './passwd-file/index.ts';
import { RETIRED_GATES } from './retired-gates.ts';
import { retrievedFilesGate } from './retrieved-files/index.ts';
import { rubyGemsGate } from './ruby-gems/index.ts';
import { secretScansGate } from './secret-scans/index.ts';
import { stigGate } from './stig/index.ts';
import { tagDriftGate } from './tag-drift/index.ts';
import { vulnerabilitiesGate } from './vulnerabilities/index.ts';

/** All gates, in alphabetical order, the retired ones last. */
export const GATES: readonly Gate[] = [
  alwaysGate,
  ancestryGate,
  distroGate,
  dockerfileGate,
  filesGate,
  imageSourceDriftGate,
  licensesGate,
  malwareGate,
  metadataGate,
  npmsGate,
  packagesGate,
  passwdFileGate,
  retrievedFilesGate,
  rubyGemsGate,
  secretScansGate,
  stigGate,
  tagDriftGate,
  vulnerabilitiesGate,
  ...RETIRED_GATES,
];

const BY_NAME = new Map(GATES.map((gate) => [gate.name, gate]));

/** Names of the gates that may be used in new policies. */
export const GATE_NAMES: readonly string[] = GATES.filter((gate) => gate.state !== 'eol').map((gate) => gate.name);

/** The gate of this name; case does not count. */
export function findGate(name: string): Gate | undefined {
  return BY_NAME.get(name.trim().toLowerCase());
}
