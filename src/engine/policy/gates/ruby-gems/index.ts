import type { Gate } from '../../gate.ts';
import { registryFeedTriggers } from '../../registry-feed-triggers.ts';

/** Gate `ruby_gems`: gems compared with their registry. */
export const rubyGemsGate: Gate = {
  name: 'ruby_gems',
  description: 'Ruby gems compared with registry data.',
  state: 'deprecated',
  supersededBy: 'packages',
  triggers: registryFeedTriggers({
    packageType: 'gem',
    group: 'gemFeed',
    newer: 'newer_version_found_in_feed',
    unknownName: 'not_found_in_feed',
    unknownVersion: 'version_not_found_in_feed',
    denied: 'denylist',
    deniedFormer: 'blacklist',
  }),
};
