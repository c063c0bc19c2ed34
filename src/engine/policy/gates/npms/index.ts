import type { Gate } from '../../gate.ts';
import { registryFeedTriggers } from '../../registry-feed-triggers.ts';

/** Gate `npms`: npm packages compared with their registry. */
export const npmsGate: Gate = {
  name: 'npms',
  description: 'npm packages compared with registry data.',
  state: 'deprecated',
  supersededBy: 'packages',
  triggers: registryFeedTriggers({
    packageType: 'npm',
    group: 'npmFeed',
    newer: 'newer_version_in_feed',
    unknownName: 'unknown_in_feeds',
    unknownVersion: 'version_not_in_feeds',
    denied: 'denylisted_name_version',
    deniedFormer: 'blacklisted_name_version',
  }),
};
