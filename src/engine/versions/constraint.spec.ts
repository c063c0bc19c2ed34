import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, parseConstraint, satisfies } from './constraint.ts';
import type { SchemeName } from './types.ts';

const holds = (scheme: SchemeName, constraint: string, version: string, epochUnknown = false): boolean =>
  satisfies(candidate(version, epochUnknown), parseConstraint(constraint, scheme));

describe('satisfies', () => {
  it.each<[SchemeName, string, string, boolean]>([
    ['semver', '', '1.0', true],
    ['semver', '>= 1.0, < 2.0', '1.5', true],
    ['semver', '>=1.0,<2.0', '2.0', false],
    ['semver', '>= 1.0 < 2.0', '1.5', true],
    ['semver', '< 1.0 || >= 2.0, < 2.5', '2.1', true],
    ['semver', '< 1.0||>= 2.0,< 2.5', '1.1', false],
    ['semver', '1.2.3', '1.2.3', true],
    ['semver', '= "1.2.3"', '1.2.3', true],
    ['semver', "!= '1.2.3'", '1.2.3', false],
    ['semver', '== 1.2.3', '1.2.4', false],
    ['semver', '> 1.0', '1.0', false],
    ['semver', '<= 1.0', '1.0', true],
    ['deb', '< 1:2.0-1', '1:2.0-1~deb12u1', true],
    ['pep440', '<= 1.0', '1.0+local', true],
    ['pep440', '<= 1.0+a', '1.0+b', false],
    ['kb', '', 'KB1', false],
    ['kb', '< KB2', 'KB1', false],
    ['kb', '>= KB2', 'KB2', true],
    ['kb', 'KB1 || KB2', '2', true],
    ['generic', '>= a218cafe, < 8.0', '3.3.4', true],
  ])('%s "%s" with %s: %s', (scheme, constraint, version, expected) => {
    expect(holds(scheme, constraint, version)).toBe(expected);
  });

  it('takes the epoch of the record for a package whose epoch is not known', () => {
    expect(holds('rpm', '< 4:5.26.3-419.el8', '5.26.3-419.el8')).toBe(true);
    expect(holds('rpm', '< 4:5.26.3-419.el8', '5.26.3-419.el8', true)).toBe(false);
    expect(holds('rpm', '< 4:5.26.3-419.el8', '5.26.3-418.el8', true)).toBe(true);
  });
});

describe('parseConstraint', () => {
  it.each([
    ['~> 1.0'],
    ['>='],
    ['>= 1.0,'],
    ['< 1 || '],
    ['[1,2)'],
    ['>= 1.0, || < 2'],
    ['"1.0'],
    ['>= 1 |'],
    ['^1.0'],
  ])('marks "%s" as unreadable and holds for every version', (text) => {
    const constraint = parseConstraint(text, 'semver');
    expect(constraint.unreadable).toBeTruthy();
    expect(satisfies(candidate('0.0.1'), constraint)).toBe(true);
  });

  it('never throws and answers in linear time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => satisfies(candidate('1'), parseConstraint(text, 'generic')) !== undefined,
      ),
    );
    expect(parseConstraint('<'.repeat(100_000), 'deb').unreadable).toBeTruthy();
    expect(parseConstraint(' '.repeat(100_000), 'deb').alternatives).toEqual([]);
    expect(parseConstraint('< 1,'.repeat(50_000), 'deb').unreadable).toBeTruthy();
  });
});
