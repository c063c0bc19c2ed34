import { z } from 'zod';
import { flag, integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const feedsArea = {
  title: 'Vulnerability data',
  schema: z.strictObject({
    url: setting(
      {
        env: 'WINDLASS_FEED_URL',
        doc: 'Where vulnerability database builds come from: a folder, or an http(s) address of a folder or of its `latest.json`.',
      },
      z.string().min(1).default('https://grype.anchore.io/databases'),
    ),
    auto_sync: setting(
      {
        env: 'WINDLASS_FEED_AUTO_SYNC',
        aliases: ['ANCHORE_DATA_SYNC_AUTO_SYNC_ENABLED'],
        doc: 'Look for new builds without being asked.',
      },
      flag(true),
    ),
    sync_seconds: setting(
      { env: 'WINDLASS_FEED_SYNC_SECONDS', doc: 'Pause between looks.' },
      seconds(3_600, 60, 604_800),
    ),
    max_age_days: setting(
      { env: 'WINDLASS_FEED_MAX_AGE_DAYS', doc: 'Data older than this is shown as stale (accepted; not used yet).' },
      integer(5, 1, 3_650),
    ),
    search_by_cpe: setting(
      {
        env: 'WINDLASS_SEARCH_BY_CPE',
        doc: 'Also look up language packages by CPE in NVD: finds more, of which more are wrong. Binaries are always looked up so.',
      },
      flag(false),
    ),
  }),
};
