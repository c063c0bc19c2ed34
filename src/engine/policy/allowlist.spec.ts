import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAllowlistItemLinear, findAllowlistItems, indexAllowlists } from './allowlist.ts';
import { createRegexRunner } from './bounded-regex.ts';
import { createClock, parseInstant } from './clock.ts';
import type { Allowlist, AllowlistItem } from './document.ts';
import { NOW } from './testing/facts.ts';

const SUBJECT = {
  gate: 'vulnerabilities',
  triggerId: 'CVE-2020-1+openssl',
  fingerprint: 'vulnerabilities/package:CVE-2020-1+pkg:deb/openssl@1',
};

function listOf(...items: Partial<AllowlistItem>[]): Allowlist[] {
  return [
    {
      id: 'l',
      name: 'L',
      version: '2',
      items: items.map((item, index) => ({ id: String(index), gate: 'vulnerabilities', trigger_id: '*', ...item })),
    },
  ];
}

function find(lists: Allowlist[]): string | undefined {
  return findAllowlistItems(indexAllowlists(lists), [SUBJECT], createClock(NOW), createRegexRunner())[0]?.item.id;
}

describe('allowlist items', () => {
  it.each([
    ['CVE-2020-1+openssl', true],
    ['CVE-2020-1+*', true],
    ['*+openssl', true],
    ['*ssl*', true],
    ['*', true],
    ['regexp:CVE-2020-\\d+\\+open', true],
    ['regexp:openssl', false],
    ['cve-2020-1+openssl', false],
    ['CVE-2020-1', false],
    ['CVE-2020-1+libssl', false],
    ['CVE-2020-10+*', false],
    [SUBJECT.fingerprint, true],
    ['vulnerabilities/package:CVE-2020-1+*', true],
  ])('%s: %s', (triggerId, expected) => {
    expect(find(listOf({ trigger_id: triggerId })) !== undefined).toBe(expected);
  });

  it('compares the gate without case, and only the gate', () => {
    expect(find(listOf({ gate: 'Vulnerabilities' }))).toBe('0');
    expect(find(listOf({ gate: 'files' }))).toBeUndefined();
  });

  it('takes the first item of the document, and skips expired and unreadable ones', () => {
    expect(find(listOf({ trigger_id: '*+openssl' }, { trigger_id: 'CVE-2020-1+openssl' }))).toBe('0');
    const expired = { expires_on: '2026-02-28T23:59:59Z' };
    expect(
      find(listOf(expired, { expires_on: 'soon' }, { expires_on: '2026-03-01T00:00:00Z' }, { expires_on: null })),
    ).toBe('3');
  });

  it('a used expiry bounds the validity of the answer', () => {
    const clock = createClock(NOW);
    findAllowlistItems(
      indexAllowlists(listOf({ expires_on: '2026-03-02T00:00:00+01:00' })),
      [SUBJECT],
      clock,
      createRegexRunner(),
    );
    expect(clock.validUntil()).toBe(Date.parse('2026-03-01T23:00:00Z'));
  });

  it('index and linear search agree', () => {
    const id = fc.constantFrom(
      'CVE-1+a',
      'CVE-1+*',
      '*+a',
      '*',
      'CVE-2+b',
      '*1+*',
      'CVE-1',
      'abc',
      'CVE-1*a',
      '**',
      '+',
      '*+*',
    );
    const item = fc.record({
      trigger_id: id,
      gate: fc.constantFrom('g', 'G', 'h'),
      expires_on: fc.constantFrom(null, '2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'x'),
    });
    const lists = fc.array(item, { maxLength: 12 }).map((items) => listOf(...items));
    fc.assert(
      fc.property(
        lists,
        fc.constantFrom('CVE-1+a', 'CVE-2+b', 'abc', '+', 'CVE-1+', 'CVE-1'),
        (allowlists, triggerId) => {
          const subject = { gate: 'g', triggerId, fingerprint: `g/t:${triggerId}` };
          const [indexed] = findAllowlistItems(
            indexAllowlists(allowlists),
            [subject],
            createClock(NOW),
            createRegexRunner(),
          );
          const linear = findAllowlistItemLinear(allowlists, subject, createClock(NOW), createRegexRunner());
          expect(indexed?.item.id).toBe(linear?.item.id);
        },
      ),
    );
  });
});

describe('instants', () => {
  it.each([
    ['2030-01-31T00:00:00Z', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31T00:00:00.5+02:00', '2030-01-30T22:00:00.500Z'],
    ['2030-01-31T00:00:00:123Z', '2030-01-31T00:00:00.123Z'],
    ['2030-01-31', undefined],
    ['2030-02-30T00:00:00Z', undefined],
    ['2030-01-31T00:00:00', undefined],
    ['never', undefined],
  ])('%s', (text, expected) => {
    const instant = parseInstant(text);
    expect(instant === undefined ? undefined : new Date(instant).toISOString()).toBe(expected);
  });
});
