import { z } from 'zod';
import { seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const notificationsArea = {
  title: 'Notifications',
  schema: z.strictObject({
    retry_seconds: setting(
      {
        env: 'WINDLASS_NOTIFICATION_RETRY_SECONDS',
        doc: 'Time for which a failing delivery is tried again (accepted; not used yet).',
      },
      seconds(3_600, 0, 604_800),
    ),
  }),
};
