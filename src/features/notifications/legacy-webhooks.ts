import { createHash, randomUUID } from 'node:crypto';
import { DeliveryError, type LegacyNotification } from '#notifiers/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { AppError, badRequest } from '#shared/errors.ts';
import type { EventContent } from './delivery-store.ts';
import { accountEmails, replaceLegacyConfigurations } from './legacy-store.ts';
import type { NotificationService } from './service.ts';

/** Types of notifications that subscriptions cause, with the events that carry them. */
const NOTIFICATIONS = {
  tag_update: 'user.image.tag.update',
  policy_eval: 'user.checks.tag.policy_evaluation.update',
  vuln_update: 'user.checks.tag.vulnerabilities.update',
  analysis_update: 'user.image.analysis.*',
} as const;
type NotificationType = keyof typeof NOTIFICATIONS;

/** Targets that an operator can configure. */
export const LEGACY_TARGETS = [
  'general',
  ...(Object.keys(NOTIFICATIONS) as NotificationType[]),
  'error_event',
  'event_log',
] as const;
export type LegacyTarget = (typeof LEGACY_TARGETS)[number];

/** Where a target is. */
export interface TargetSettings {
  url: string;
  user?: string | undefined;
  pass?: string | undefined;
  ssl_verify?: boolean | undefined;
}

/** Targets and what holds for those that do not say otherwise. */
export type LegacySettings = { [T in LegacyTarget]?: TargetSettings | undefined } & {
  webhook_user?: string | undefined;
  webhook_pass?: string | undefined;
  ssl_verify: boolean;
};

/** What a target hears: patterns of event types, and the level. */
function selectorsOf(target: LegacyTarget, settings: LegacySettings): { type: string; level: string }[] {
  if (target === 'error_event') return [{ type: '*', level: 'error' }];
  if (target === 'event_log') return [{ type: '*', level: '*' }];
  const types = Object.keys(NOTIFICATIONS) as NotificationType[];
  const heard = target === 'general' ? types.filter((type) => settings[type] === undefined) : [target];
  return heard.map((type) => ({ type: NOTIFICATIONS[type], level: '*' }));
}

/** Values of a configuration as its notifier takes them. */
function valuesOf(target: TargetSettings, settings: LegacySettings) {
  const username = target.user ?? settings.webhook_user;
  const password = target.pass ?? settings.webhook_pass;
  return {
    settings: { verify_tls: target.ssl_verify ?? settings.ssl_verify },
    secrets: { url: target.url, ...(username ? { username } : {}), ...(password ? { password } : {}) },
  };
}

/**
 * Makes the outbox deliver to the targets of the settings: each is a configuration of the admin account that no client
 * sees or changes. Those that are not configured any more are dropped with their deliveries.
 */
export async function followLegacySettings(
  database: Database,
  notifications: Pick<NotificationService, 'seal'>,
  settings: LegacySettings,
): Promise<void> {
  const configurations = LEGACY_TARGETS.flatMap((target) => {
    const place = settings[target];
    if (!place) return [];
    const values = valuesOf(place, settings);
    return {
      uuid: uuidOf(target),
      target,
      settings: values.settings,
      secrets: notifications.seal(values.secrets),
      selectors: selectorsOf(target, settings).map((selector) => ({
        ...selector,
        uuid: uuidOf(`${target} ${selector.type}`),
      })),
    };
  });
  await database.transaction((tx) => replaceLegacyConfigurations(tx, configurations));
}

/** The notification that a target gets about an event. */
export function legacyNotification(
  target: string,
  event: EventContent,
  email: string | undefined,
  delivery: { tries: number; createdAt: Date; retrySeconds: number },
): LegacyNotification {
  const account = event.resource.account_name;
  const createdAt = Math.floor(delivery.createdAt.getTime() / 1000);
  const isEvent = target === 'error_event' || target === 'event_log';
  const subscribed = (event.details as { subscription_type?: unknown } | null)?.subscription_type;
  return {
    type: isEvent || typeof subscribed !== 'string' ? target : subscribed,
    account,
    email: email ?? '',
    payload: isEvent ? { ...event } : (event.details as Record<string, unknown>),
    createdAt,
    updatedAt: Math.floor(Date.now() / 1000),
    tries: delivery.tries,
    until: createdAt + delivery.retrySeconds,
  };
}

/** Sends a sample to a target: 400 when it is not configured; a delivery that fails is an error of the server. */
export async function testLegacyWebhook(
  db: Db,
  notifications: Pick<NotificationService, 'send'>,
  settings: LegacySettings,
  target: string,
  type: NotificationType,
  signal: AbortSignal,
): Promise<void> {
  if (!(LEGACY_TARGETS as readonly string[]).includes(target)) {
    throw badRequest(`webhook_type must be one of ${LEGACY_TARGETS.join(', ')}, not ${target}`);
  }
  const place = settings[target as LegacyTarget];
  if (!place) throw badRequest(`webhook ${target} is not configured`);
  const now = Math.floor(Date.now() / 1000);
  const id = randomUUID();
  const notification: LegacyNotification = {
    type: target === 'error_event' || target === 'event_log' ? target : type,
    account: 'admin',
    email: (await accountEmails(db, ['admin'])).get('admin') ?? '',
    payload: samplePayload(type, id),
    createdAt: now,
    updatedAt: now,
    tries: 1,
    until: now + 3_600,
  };
  const { settings: shown, secrets } = valuesOf(place, settings);
  const message = { id, subject: 'Test', text: '', level: 'info' as const, payload: notification };
  try {
    await notifications.send('legacy-webhook', { ...shown, ...secrets }, message, signal);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    throw new AppError(500, `webhook ${target}: ${error.message}`, { type: 'delivery_failed', cause: error });
  }
}

function samplePayload(type: NotificationType, id: string): Record<string, unknown> {
  const tag = 'docker.io/alpine:latest';
  const [before, after] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
  const common = {
    account_name: 'admin',
    subscription_key: tag,
    subscription_type: type,
    notification_id: id,
    annotations: {},
  };
  const state = (analysis_status: string) => ({ image_digest: after, analysis_status, annotations: {} });
  const verdict = (status: string) => ({ image_digest: after, status });
  const members: Record<NotificationType, object> = {
    tag_update: { last_eval: [before], curr_eval: [after] },
    analysis_update: { last_eval: state('analyzing'), curr_eval: state('analyzed') },
    policy_eval: { last_eval: verdict('pass'), curr_eval: verdict('fail') },
    vuln_update: { image_digest: after, diff_vulnerability_result: { added: [], updated: [], removed: [] } },
  };
  return { ...common, ...members[type], test: true };
}

/** The same id for the same name, for ever: RFC 9562 version 8, made from a hash. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`windlass legacy webhook ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
