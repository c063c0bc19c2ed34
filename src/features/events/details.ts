import { z } from 'zod';
import type { EventName } from './types.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const annotations = z.record(z.string(), z.unknown());

/** Members of every event that a subscription causes. */
const subscribed = {
  account_name: z.string(),
  subscription_id: z.string(),
  subscription_key: z.string(),
  subscription_type: z.string(),
  notification_id: z.uuid(),
};

const analysis = {
  ...subscribed,
  image_digest: digest,
  last_eval: z.object({ image_digest: digest, analysis_status: z.string(), annotations }),
  curr_eval: z.object({ image_digest: digest, analysis_status: z.string(), annotations }),
  annotations,
};
const verdict = z.looseObject({
  image_digest: digest,
  policy_id: z.string(),
  status: z.enum(['pass', 'fail']),
  final_action: z.enum(['go', 'warn', 'stop']),
  final_action_reason: z.string(),
  evaluation_time: z.iso.datetime(),
});
const lookFailed = z.looseObject({
  error: z.string(),
  /** Absent when a person asked. */
  reason: z.string().optional(),
  subscription_id: z.string().optional(),
});
const alert = z.object({ alert_uuid: z.uuid(), image_digest: digest, policy_id: z.string(), reason: z.string() });
const matches = z.array(z.record(z.string(), z.unknown()));

/** What the details of events hold, where that is fixed. Members may be added; what is here stays. */
export const EVENT_DETAILS: Partial<Record<EventName, z.ZodType>> = {
  image_tag_update: z.looseObject({
    ...subscribed,
    /** Images before. */
    last_eval: z.array(digest),
    curr_eval: z.array(digest),
    annotations,
  }),
  tag_policy_evaluation_update: z.looseObject({
    ...subscribed,
    image_digest: digest,
    full_tag: z.string(),
    last_eval: verdict,
    curr_eval: verdict,
    annotations,
  }),
  tag_vulnerabilities_update: z.looseObject({
    ...subscribed,
    image_digest: digest,
    diff_vulnerability_result: z.object({ added: matches, updated: matches, removed: matches }),
    annotations,
  }),
  image_analysis_completed: z.looseObject(analysis),
  image_analysis_failed: z.looseObject({ ...analysis, error: z.string() }),
  image_digest_analysis_failed: z.looseObject({ image_digest: digest, error: z.string() }),
  policy_active_updated: z.looseObject({ last_policy_id: z.string().nullable(), curr_policy_id: z.string() }),
  policy_active_content_change: z.looseObject({ last_policy_digest: z.string(), curr_policy_digest: z.string() }),
  registry_lookup_failed: lookFailed,
  manifest_parse_fail: lookFailed,
  list_tags_fail: lookFailed,
  compliance_alert_opened: alert,
  compliance_alert_closed: alert,
  service_down: z.looseObject({ service_name: z.string(), host_id: z.string(), cause: z.string() }),
  service_removed: z.looseObject({ service_name: z.string(), host_id: z.string(), cause: z.string() }),
};
