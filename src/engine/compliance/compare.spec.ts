import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComparedRule, compareRuns } from './compare.ts';
import { RULE_OUTCOMES, type RuleOutcome } from './types.ts';

const rule = (id: string, result: RuleOutcome): ComparedRule => ({ id, title: id, severity: 'low', result });

describe('compareRuns', () => {
  it.each<[RuleOutcome | undefined, RuleOutcome | undefined, string]>([
    ['pass', 'fail', 'regressed'],
    ['notselected', 'error', 'regressed'],
    [undefined, 'fail', 'regressed'],
    ['fail', 'pass', 'improved'],
    ['unknown', 'fixed', 'improved'],
    ['fail', 'error', 'changed'],
    ['fail', 'notselected', 'changed'],
    ['pass', 'notapplicable', 'changed'],
    [undefined, 'pass', 'added'],
    ['fail', undefined, 'removed'],
    ['pass', 'pass', 'same'],
  ])('%s to %s is %s', (before, after, change) => {
    const [old, now] = [before, after].map((result) => (result ? [rule('a', result)] : []));
    expect(compareRuns(old!, now!)[0]!.change).toBe(change);
  });

  it('counts the worst of several instances', () => {
    expect(compareRuns([rule('a', 'pass'), rule('a', 'fail')], [rule('a', 'pass'), rule('a', 'pass')])).toMatchObject([
      { before: 'fail', after: 'pass', change: 'improved' },
    ]);
  });

  it('finds nothing between a run and itself, in any order', () => {
    const rules = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), result: fc.constantFrom(...RULE_OUTCOMES) }),
    );
    fc.assert(
      fc.property(rules, (list) => {
        const run = list.map(({ id, result }) => rule(id, result));
        expect(compareRuns(run, run.toReversed()).every(({ change }) => change === 'same')).toBe(true);
      }),
    );
  });
});
