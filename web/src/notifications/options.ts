import type { NotificationOptions } from '#contract/windlass-notifications.ts';

/** What stands in the form of the options: texts, as people write them. */
export interface OptionsValues {
  subject: string;
  text: string;
  digest: string;
  from: string;
  to: string;
  zone: string;
  rate: string;
  secret: string;
  /** Stop signing. */
  unsign: boolean;
}

/** The form of stored options. A signing secret is never shown. */
export function optionsForm(options: NotificationOptions): OptionsValues {
  const { template, digest_minutes, quiet_hours, per_minute } = options;
  return {
    subject: template?.subject ?? '',
    text: template?.text ?? '',
    digest: digest_minutes === undefined ? '' : String(digest_minutes),
    from: quiet_hours?.from ?? '',
    to: quiet_hours?.to ?? '',
    zone: quiet_hours?.time_zone ?? '',
    rate: per_minute === undefined ? '' : String(per_minute),
    secret: '',
    unsign: false,
  };
}

/** The options that a form stands for. Empty fields switch their option off; an empty secret leaves the stored one. */
export function optionsOf(values: OptionsValues): NotificationOptions {
  const { subject, text, digest, from, to, zone, rate, secret, unsign } = values;
  return {
    ...(subject || text ? { template: { subject, text } } : {}),
    ...(digest ? { digest_minutes: Number(digest) } : {}),
    ...(from && to ? { quiet_hours: { from, to, ...(zone.trim() ? { time_zone: zone.trim() } : {}) } } : {}),
    ...(rate ? { per_minute: Number(rate) } : {}),
    ...(unsign ? { signing_secret: '' } : secret ? { signing_secret: secret } : {}),
  };
}
