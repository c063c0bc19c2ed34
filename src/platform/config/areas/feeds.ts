import { z } from 'zod';
import { flag, integer, seconds, words } from '../fields.ts';
import { setting } from '../setting.ts';

/** `name=location`; `vulnerability_db` is the name of the database itself. */
const SOURCE = /^(?!vulnerability_db=)[A-Za-z0-9][A-Za-z0-9._-]{0,63}=.+$/;

export const feedsArea = {
  title: 'Vulnerability data',
  schema: z.strictObject({
    url: setting(
      {
        env: 'WINDLASS_FEED_URL',
        doc: 'Where vulnerability database builds come from: a folder, or an http(s) address of a folder or of its `latest.json`; `none` for further sources alone.',
      },
      z.string().min(1).default('https://grype.anchore.io/databases'),
    ),
    sources: setting(
      {
        env: 'WINDLASS_FEED_SOURCES',
        doc: 'Further sources as `name=location`: OSV records, provider results, KEV, EPSS or end-of-life dates, each a file, folder or http(s) address. Of equal records the earlier source counts.',
      },
      words()
        .pipe(z.array(z.string().regex(SOURCE, { error: 'expected name=location' })))
        .default([]),
    ),
    exclude_providers: setting(
      {
        env: 'WINDLASS_FEED_EXCLUDE_PROVIDERS',
        doc: 'Providers whose records are not matched, such as `nvd`. A change matches all packages again.',
      },
      words().default([]),
    ),
    hold_record_fall_percent: setting(
      {
        env: 'WINDLASS_FEED_HOLD_RECORD_FALL_PERCENT',
        doc: 'A build is held for a decision when the records of a provider fall by more than this; 100: only when they vanish.',
      },
      integer(20, 1, 100),
    ),
    hold_match_loss_percent: setting(
      {
        env: 'WINDLASS_FEED_HOLD_MATCH_LOSS_PERCENT',
        doc: 'A build is held when more than this part of a provider’s open matches would vanish; 100: never for that reason.',
      },
      integer(30, 1, 100),
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
      { env: 'WINDLASS_FEED_MAX_AGE_DAYS', doc: 'An alarm is raised when the data of a provider is older than this.' },
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
