import { describe, expect, it } from 'vitest';
import { eventsSearch } from '../../web/src/events/events-search.ts';
import { KINDS, kindOf } from '../../web/src/notifications/kinds.ts';
import { optionsForm, optionsOf } from '../../web/src/notifications/options.ts';
import { bodyOf, formOf } from '../../web/src/notifications/receiver-form.ts';
import { placeInWords } from '../../web/src/policies/editor/place.ts';
import { movedPart, newPolicy, withoutPart, withPart } from '../../web/src/policies/editor/policy-parts.ts';
import { changedSearch } from '../../web/src/routes/changed-search.ts';
import { joinParts } from '../../web/src/runtime/part.ts';
import { levelOf, runtimeSearch } from '../../web/src/runtime/runtime-search.ts';

describe('receivers', () => {
  it('have every operation, whatever their kind', () => {
    for (const { operations, name } of KINDS)
      for (const [role, operation] of Object.entries(operations))
        expect(operation?.id, `${name} ${role}`).toContain(name);
  });
  it.each(KINDS.map((kind) => [kind.name, kind] as const))('%s: empty fields are left out', (_, kind) => {
    const body = bodyOf(kind, formOf(kind, undefined));
    expect(Object.values(body).filter((value) => value === '')).toEqual(['']);
    expect(body.description).toBe('');
  });
  it('keep a stored secret, and take lists and numbers apart', () => {
    const github = kindOf('github')!;
    const stored = { uuid: '1', owner: 'acme', repository: 'shop', username: 'u', labels: ['a', 'b'], milestone: 3 };
    const form = formOf(github, stored);
    expect(form.labels).toBe('a, b');
    expect(bodyOf(github, form)).toEqual({
      description: '',
      verify_tls: true,
      owner: 'acme',
      repository: 'shop',
      username: 'u',
      labels: ['a', 'b'],
      milestone: 3,
    });
  });
  it('keep their options through the form', () => {
    const options = {
      template: { subject: 's', text: 't' },
      digest_minutes: 5,
      quiet_hours: { from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' },
      per_minute: 10,
    };
    expect(optionsOf(optionsForm(options))).toEqual(options);
    expect(optionsOf(optionsForm({}))).toEqual({});
    expect(optionsOf({ ...optionsForm({}), unsign: true })).toEqual({ signing_secret: '' });
  });
});

describe('addresses', () => {
  it('of events leave out what the page does not know', () => {
    expect(eventsSearch({ type: 'user.*', level: 'info', span: 'day', page: '2', event: 'e' })).toEqual({
      type: 'user.*',
      level: 'info',
      span: 'day',
      page: 2,
      event: 'e',
    });
    expect(eventsSearch({ type: 'DROP TABLE', level: 'x', span: 'toString', from: 'now', page: -1 })).toEqual({});
  });
  it('of the inventory need the levels above', () => {
    expect(runtimeSearch({ namespace: 'a', workload: 'b' })).toEqual({});
    expect(runtimeSearch({ cluster: 12, namespace: 'a' })).toEqual({ cluster: '12', namespace: 'a' });
    expect(levelOf({})).toBe('cluster');
    expect(levelOf({ cluster: 'c', namespace: 'n', workload: 'w' })).toBeUndefined();
  });
  it('lose what is undefined', () => expect(changedSearch({ a: 1, b: 2 }, { a: undefined })).toEqual({ b: 2 }));
});

describe('parts of the inventory', () => {
  const group = {
    inventory_type: 'kubernetes',
    cluster: 'c',
    namespace: 'n',
    images: 2,
    images_not_analyzed: 1,
  } as const;
  const none = { critical: 1, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0, fixable: 0, known_exploited: 0 };
  it('are put together from two answers, either of which may be missing', () => {
    expect(joinParts(undefined, undefined)).toBeUndefined();
    const both = joinParts(
      [{ ...group, vulnerabilities: none }],
      [{ ...group, passed: 1, failed: 0, not_evaluated: 1 }],
    );
    expect(both).toMatchObject([{ images: 2, vulnerabilities: none, verdicts: { passed: 1 } }]);
    expect(joinParts(undefined, [{ ...group, passed: 0, failed: 1, not_evaluated: 1 }])).toHaveLength(1);
  });
});

describe('parts of a policy', () => {
  it('are replaced, added, taken away and moved', () => {
    const list = [{ id: 'a' }, { id: 'b' }];
    expect(withPart(list, { id: 'b', n: 1 } as { id: string })).toEqual([{ id: 'a' }, { id: 'b', n: 1 }]);
    expect(withPart(list, { id: 'c' })).toHaveLength(3);
    expect(withoutPart(list, 'a')).toEqual([{ id: 'b' }]);
    expect(movedPart(list, 'b', -1)).toEqual([{ id: 'b' }, { id: 'a' }]);
    expect(movedPart(list, 'a', -1)).toEqual(list);
    expect(movedPart(list, 'b', 1)).toEqual(list);
  });
  it.each([
    ['/mappings/0/rule_set_ids/0: there is no rule set.', 'Mapping “All images”: there is no rule set.'],
    ['/rule_sets/0/rules/1/gate: unknown.', 'Rule set “Rules”, rule 2, gate: unknown.'],
    ['something else: entirely', 'something else: entirely'],
  ])('say where a problem is: %s', (problem, words) => expect(placeInWords(problem, newPolicy())).toBe(words));
});
