import { describe, expect, it } from 'vitest';
import { type Candidate, selectTransitions, type TransitionRule } from './transition-rules.ts';

const now = new Date('2026-06-30T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

function image(digest: string, days: number, ...tags: string[]): Candidate {
  return {
    digest,
    since: daysAgo(days),
    tags: tags.map((tag) => ({ registry: 'docker.io', repository: 'library/app', tag, detectedAt: daysAgo(days) })),
  };
}

function rule(change: Partial<TransitionRule> = {}): TransitionRule {
  return {
    ruleId: 'r',
    selector: { registry: '*', repository: '*', tag: '*' },
    ageDays: -1,
    newerVersions: -1,
    ...change,
  };
}

const any = { registry: '*', repository: '*', tag: '*' };

describe('selectTransitions', () => {
  const fleet = [image('a', 30, 'v1'), image('b', 20, 'v1'), image('c', 10, 'v1'), image('d', 5, 'dev')];
  const cases: [string, TransitionRule[], Candidate[], string[]][] = [
    ['strictly older images', [rule({ ageDays: 20 })], fleet, ['a']],
    ['all but the newest of a tag', [rule({ newerVersions: 1 })], fleet, ['a', 'b']],
    ['both conditions together', [rule({ newerVersions: 1, ageDays: 25 })], fleet, ['a']],
    // The newest counts even though it is too young to move: one old version is kept beside nothing.
    ['versions of any age', [rule({ newerVersions: 1, ageDays: 15 })], fleet, ['a', 'b']],
    ['what the selector names', [rule({ selector: { ...any, tag: 'd*' } })], fleet, ['d']],
    ['a middle wildcard', [rule({ selector: { ...any, repository: 'lib*/a*p' } })], fleet, ['a', 'b', 'c', 'd']],
    ['no image of which one tag stays', [rule({ selector: { ...any, tag: 'v1' } })], [image('a', 9, 'v1', 'v2')], []],
    [
      'an image whose tags are matched by several rules',
      [rule({ selector: { ...any, tag: 'v1' } }), rule({ selector: { ...any, tag: 'v2' } })],
      [image('a', 9, 'v1', 'v2')],
      ['a'],
    ],
    [
      'nothing that is excluded',
      [rule({ ageDays: 1, exclude: { selector: { ...any, tag: 'v*' }, expirationDays: -1 } })],
      fleet,
      ['d'],
    ],
    [
      'what was excluded once the exclusion is over',
      [rule({ ageDays: 1, exclude: { selector: { ...any, tag: 'v*' }, expirationDays: 25 } })],
      fleet,
      ['a', 'd'],
    ],
    [
      'nothing that was seen running lately',
      [rule({ ageDays: 1, exclude: { selector: { ...any, tag: 'none' }, expirationDays: -1, lastSeenInDays: 3 } })],
      [
        { ...image('a', 9, 'v1'), lastSeen: daysAgo(2) },
        { ...image('b', 9, 'v2'), lastSeen: daysAgo(4) },
      ],
      ['b'],
    ],
    ['the oldest beyond a number', [rule({ maxImages: 1 })], fleet, ['a', 'b', 'c']],
    ['nothing below that number', [rule({ maxImages: 9 })], fleet, []],
    ['nothing without rules', [], fleet, []],
    ['no image without tags', [rule()], [image('a', 9)], []],
  ];
  it.each(cases)('moves %s', (_, rules, images, expected) => {
    expect(selectTransitions(rules, images, now)).toEqual(expected);
  });
  it('does not slow down on patterns with many stars', () => {
    const hostile = rule({ selector: { ...any, tag: `${'*a'.repeat(2000)}b` } });
    expect(selectTransitions([hostile], [image('a', 1, 'a'.repeat(5000))], now)).toEqual([]);
  });
});
