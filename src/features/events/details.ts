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
/** Who made a change: a user, or the identity provider whose sign-in did. */
const by = z.string();
const subscription = z.looseObject({
  by,
  subscription_key: z.string(),
  kind: z.string(),
  active: z.boolean(),
});
const user = { by, username: z.string() };
const apiKey = z.looseObject({ ...user, name: z.string(), expires_at: z.iso.datetime(), status: z.string() });
const membership = z.looseObject({ ...user, role: z.string(), domain_name: z.string() });
const group = z.looseObject({ by, name: z.string() });
const groupChange = z.looseObject({
  by,
  name: z.string(),
  change: z.enum(['description', 'members_added', 'members_removed', 'roles_added', 'roles_removed']),
  members: z.array(z.string()).optional(),
  roles: z.array(z.string()).optional(),
  domains: z.array(z.string()).optional(),
});
const provider = { by, kind: z.enum(['saml', 'oidc']) };
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
  service_orphaned: z.looseObject({ service_name: z.string(), host_id: z.string(), cause: z.string() }),
  configuration_changed: z.looseObject({ by, change: z.enum(['set', 'reset']) }),
  service_removed: z.looseObject({ service_name: z.string(), host_id: z.string(), cause: z.string() }),
  subscription_created: subscription,
  subscription_updated: subscription,
  subscription_deleted: subscription,
  account_created: z.looseObject({ by }),
  account_changed: z.looseObject({
    by,
    state: z.enum(['enabled', 'disabled']).optional(),
    email: z.string().optional(),
  }),
  account_deleted: z.looseObject({ by }),
  user_created: z.looseObject({ ...user, type: z.enum(['native', 'saml']), identity_provider: z.string().optional() }),
  user_deleted: z.looseObject(user),
  user_access_revoked: z.looseObject({ ...user, api_keys: z.int() }),
  credential_changed: z.looseObject({ ...user, change: z.enum(['set', 'removed']) }),
  api_key_created: apiKey,
  api_key_changed: apiKey,
  api_key_deleted: apiKey,
  role_member_added: membership,
  role_member_removed: membership,
  user_group_created: group,
  user_group_changed: groupChange,
  user_group_deleted: group,
  identity_provider_created: z.looseObject(provider),
  identity_provider_changed: z.looseObject({
    ...provider,
    change: z.enum(['settings', 'groups_mapped', 'groups_unmapped']),
    user_groups: z.array(z.string()).optional(),
  }),
  identity_provider_deleted: z.looseObject({ ...provider, users: z.int() }),
  saml_keys_changed: z.looseObject({ by, change: z.enum(['added', 'removed']) }),
};
