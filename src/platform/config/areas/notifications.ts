import { z } from 'zod';
import { integer, seconds } from '../fields.ts';
import { setting } from '../setting.ts';

export const notificationsArea = {
  title: 'Notifications',
  schema: z.strictObject({
    retry_seconds: setting(
      {
        env: 'WINDLASS_NOTIFICATION_RETRY_SECONDS',
        doc: 'Time for which a failing delivery is tried again; then it is dead, and can be replayed.',
      },
      seconds(3_600, 0, 604_800),
    ),
    delivery_days: setting(
      { env: 'WINDLASS_NOTIFICATION_DELIVERY_DAYS', doc: 'Days for which the log of deliveries is kept.' },
      integer(30, 1, 3_650),
    ),
  }),
};
