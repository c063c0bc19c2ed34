import type { Gate } from '../../gate.ts';
import { noRelatedSources } from './no-related-sources.ts';
import { packageDowngraded } from './package-downgraded.ts';
import { packageRemoved } from './package-removed.ts';

/** Gate `image_source_drift`: packages compared with related source SBOMs. */
export const imageSourceDriftGate: Gate = {
  name: 'image_source_drift',
  description: 'Packages compared with related source SBOMs.',
  state: 'deprecated',
  triggers: [packageDowngraded, packageRemoved, noRelatedSources],
};
