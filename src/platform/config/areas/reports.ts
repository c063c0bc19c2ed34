import { z } from 'zod';
import { flag, integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const reportsArea = {
  title: 'Reports',
  schema: z.strictObject({
    graphiql: setting(
      {
        env: 'WINDLASS_REPORTS_GRAPHIQL',
        aliases: ['ANCHORE_ENTERPRISE_REPORTS_ENABLE_GRAPHIQL'],
        doc: 'Browsers get a page to write queries at the addresses of the reports.',
      },
      flag(true),
    ),
    max_page_rows: setting(
      { env: 'WINDLASS_REPORTS_MAX_PAGE_ROWS', doc: 'Largest `limit` of a list in a report.' },
      integer(10_000, 100, 100_000),
    ),
    max_answer_rows: setting(
      {
        env: 'WINDLASS_REPORTS_MAX_ANSWER_ROWS',
        doc: 'Rows of all lists of an answer together. Pages with long inner lists become shorter; what cannot be made shorter is refused.',
      },
      integer(100_000, 1_000, 10_000_000),
    ),
    timeout_seconds: setting(
      { env: 'WINDLASS_REPORTS_TIMEOUT_SECONDS', doc: 'A report which takes longer is given up.' },
      seconds(60, 1, 3_600),
    ),
  }),
};
