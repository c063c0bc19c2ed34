import { describe, expect, it } from 'vitest';
import { eventTypeTree } from './event-types.ts';
import { EVENT_TYPES } from './types.ts';

describe('the tree of event types', () => {
  const events = eventTypeTree().flatMap((category) =>
    (category.subcategories ?? []).flatMap((subcategory) =>
      (subcategory.events ?? []).map((event) => ({
        ...event,
        path: `${category.name}.${subcategory.name}.${event.name}`,
      })),
    ),
  );

  it('holds each type once, at its place', () => {
    expect(events.map((event) => event.type).sort()).toEqual(
      Object.values(EVENT_TYPES)
        .map((entry) => entry.type)
        .sort(),
    );
    for (const { path, type } of events) expect(path).toBe(type);
  });

  it('tells what the payloads of subscriptions hold', () => {
    const schemaOf = (type: string) =>
      events.find((event) => event.type === type)?.details_schema as { required: string[] };
    const common = ['account_name', 'subscription_id', 'subscription_key', 'subscription_type', 'notification_id'];
    expect(schemaOf('user.image.tag.update').required).toEqual([...common, 'last_eval', 'curr_eval', 'annotations']);
    expect(schemaOf('user.checks.tag.vulnerabilities.update').required).toContain('diff_vulnerability_result');
  });
});
