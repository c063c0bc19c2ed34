import type { NotificationMessage } from '#notifiers/index.ts';
import type { EventContent } from './delivery-store.ts';
import type { DeliveryOptions } from './options.ts';

/** A message that somebody wrote, instead of an event. */
export interface WrittenContent {
  subject: string;
  message: string;
  payload: unknown;
}

/** Most events that one digest spells out. */
const MAX_LISTED = 50;
const MAX_DETAILS = 2_000;

/** The message about one event. */
export function composeEvent(
  id: string,
  event: EventContent,
  options: DeliveryOptions,
  uiUrl: string | undefined,
): NotificationMessage {
  const { template } = options;
  const link = linkOf(event, uiUrl);
  return {
    id,
    subject: template ? fill(template.subject, event) : subjectOf(event),
    text: template ? fill(template.text, event) : textOf(event),
    ...(link ? { link } : {}),
    level: event.level === 'error' ? 'error' : 'info',
    payload: event,
  };
}

/** One message about several events. */
export function composeDigest(id: string, events: EventContent[], uiUrl: string | undefined): NotificationMessage {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${count} × ${type}`);
  const listed = events.slice(0, MAX_LISTED).map((event) => `${event.timestamp} ${subjectOf(event)}`);
  const more = events.length > MAX_LISTED ? [`… and ${events.length - MAX_LISTED} more`] : [];
  return {
    id,
    subject: `Windlass: ${events.length} events`,
    text: [...summary, '', ...listed, ...more].join('\n'),
    ...(uiUrl ? { link: `${uiUrl.replace(/\/+$/, '')}/events` } : {}),
    level: events.some((event) => event.level === 'error') ? 'error' : 'info',
    payload: events,
  };
}

/** The message that somebody wrote. */
export function composeWritten(id: string, content: WrittenContent): NotificationMessage {
  return { id, subject: content.subject, text: content.message, level: 'info', payload: content.payload };
}

/** The message that a test of a configuration sends. */
export function composeTest(id: string, account: string): NotificationMessage {
  const message = 'This is a test of a notification configuration of Windlass.';
  const event: EventContent = {
    id,
    type: 'system.test.random_wisdom',
    level: 'info',
    message,
    details: { msg: message },
    timestamp: new Date().toISOString(),
    resource: { account_name: account, id: 'test', type: 'wisdom' },
    source: { service_name: 'notifications', host_id: '', base_url: '', request_id: '' },
  };
  return { id, subject: 'Windlass: test message', text: message, level: 'info', payload: event };
}

function subjectOf(event: EventContent): string {
  const subject = `${event.message}: ${event.resource.id}`;
  return event.level === 'error' ? `Error: ${subject}` : subject;
}

function textOf(event: EventContent): string {
  const details = JSON.stringify(event.details, null, 2);
  return [
    event.message,
    `Type: ${event.type}`,
    `Level: ${event.level}`,
    `Resource: ${event.resource.type} ${event.resource.id}`,
    `Account: ${event.resource.account_name}`,
    `Time: ${event.timestamp}`,
    ...(details === '{}' ? [] : ['', details.length > MAX_DETAILS ? `${details.slice(0, MAX_DETAILS)}…` : details]),
  ].join('\n');
}

function linkOf(event: EventContent, uiUrl: string | undefined): string | undefined {
  if (!uiUrl) return undefined;
  const base = uiUrl.replace(/\/+$/, '');
  const digest = (event.details as { image_digest?: unknown } | null)?.image_digest;
  return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)
    ? `${base}/images/${digest}`
    : `${base}/events`;
}

/** Replaces `{{path}}` by what the event has there; objects are written as JSON. */
function fill(template: string, event: EventContent): string {
  return template.replace(/\{\{\s*([\w.-]{1,200})\s*\}\}/g, (_, path: string) => {
    let value: unknown = event;
    for (const name of path.split('.')) {
      if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return '';
      value = (value as Record<string, unknown>)[name];
    }
    return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  });
}
