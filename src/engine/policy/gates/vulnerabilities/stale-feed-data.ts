import { defineTrigger } from '../../gate.ts';
import { integer, required } from '../../parameter.ts';
import { COMPATIBLE_ID_TEXT } from '../../trigger-id.ts';

/** Fires when the vulnerability data is too old, or of unknown age. */
export const staleFeedData = defineTrigger({
  name: 'stale_feed_data',
  description: 'The vulnerability data was built too long ago, or its age is unknown.',
  artifactTypes: ['image', 'source'],
  parameters: {
    max_days_since_sync: required(integer, {
      description: 'Oldest accepted age in days; 0 always fires.',
      example: '2',
    }),
  },
  *evaluate({ params, facts, clock }) {
    const days = params.max_days_since_sync;
    const { builtAt } = facts.feed;
    const stale = builtAt === undefined ? true : (clock.olderThan(builtAt, days) ?? true);
    if (!stale) return;
    yield {
      message: `Vulnerability data is older than ${days} days (${builtAt === undefined ? 'no data loaded' : `built ${builtAt}`})`,
      key: String(days),
      idText: COMPATIBLE_ID_TEXT.staleFeed(String(days)),
      evidence: { builtAt: builtAt ?? null, days },
    };
  },
});
