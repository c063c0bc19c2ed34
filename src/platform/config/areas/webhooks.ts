import { z } from 'zod';
import { flag, text } from '../fields.ts';
import { setting } from '../setting.ts';

/** The environment holds an address, or all members as JSON. */
function read(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (!value.trimStart().startsWith('{')) return { url: value };
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** An address that may hold `<userId>` and `<notification_type>`. */
const address = z
  .string()
  .refine((value) => /^https?:\/\/[^/]/i.test(value) && URL.canParse(value.replace(/[<>]/g, '')), {
    error: 'expected an http:// or https:// address',
  });

function target(name: string, doc: string) {
  return setting(
    {
      env: `WINDLASS_WEBHOOK_${name.toUpperCase()}`,
      doc: `${doc} Members \`url\`, \`user\`, \`pass\`, \`ssl_verify\`; the variable holds the address, or all members as JSON.`,
      secret: true,
    },
    z
      .preprocess(
        read,
        z.strictObject({
          url: address,
          user: z.string().optional(),
          pass: z.string().optional(),
          ssl_verify: z.boolean().optional(),
        }),
      )
      .optional(),
  );
}

export const webhooksArea = {
  title: 'Webhooks of the installation',
  schema: z.strictObject({
    general: target(
      'general',
      'Receives the notifications of subscriptions that have no target of their own. `<notification_type>` and `<userId>` in an address are replaced.',
    ),
    tag_update: target('tag_update', 'Receives notifications of `tag_update` subscriptions.'),
    policy_eval: target('policy_eval', 'Receives notifications of `policy_eval` subscriptions.'),
    vuln_update: target('vuln_update', 'Receives notifications of `vuln_update` subscriptions.'),
    analysis_update: target('analysis_update', 'Receives notifications of `analysis_update` subscriptions.'),
    error_event: target('error_event', 'Receives events of level error.'),
    event_log: target('event_log', 'Receives all events.'),
    webhook_user: setting(
      { env: 'WINDLASS_WEBHOOK_USER', doc: 'User for targets that name none.', secret: true },
      text(),
    ),
    webhook_pass: setting(
      { env: 'WINDLASS_WEBHOOK_PASS', doc: 'Password for targets that name none.', secret: true },
      text(),
    ),
    ssl_verify: setting(
      { env: 'WINDLASS_WEBHOOK_SSL_VERIFY', doc: 'Check certificates of targets that do not say otherwise.' },
      flag(true),
    ),
  }),
};
