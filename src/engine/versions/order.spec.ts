import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCHEMES } from './registry.ts';
import { rpmWithoutEpoch } from './rpm/index.ts';

/** Text made of what versions are made of, so that comparisons get past the first character. */
const versionLike = fc
  .array(
    fc.oneof(
      fc.nat(20).map(String),
      fc.constantFrom(
        '.',
        '-',
        '_',
        '~',
        '^',
        '+',
        ':',
        ' ',
        '0',
        '00',
        '000',
        '1.0',
        'v',
        'r',
        'a',
        'b',
        'rc',
        'alpha',
        'beta',
        'pre',
        'p',
        'dev',
        'post',
        'x',
        'ga',
        'sp',
        'SNAPSHOT',
        'el9_2',
        '-r1',
        '!',
        'é',
        '99999999999999999999',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(
  { weight: 4, arbitrary: versionLike },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);

describe.each(
  [...Object.values(SCHEMES), rpmWithoutEpoch].map((scheme, at) => [`${scheme.name} ${at}`, scheme] as const),
)('%s', (_, scheme) => {
  it('equals itself, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (a) => scheme.compare(a, a) === 0),
      { numRuns: 200 },
    );
  });

  it('is antisymmetric', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => scheme.compare(a, b) + scheme.compare(b, a) === 0),
      { numRuns: 500 },
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort(scheme.compare) as [string, string, string];
        return scheme.compare(x, y) <= 0 && scheme.compare(y, z) <= 0 && scheme.compare(x, z) <= 0;
      }),
      { numRuns: 500 },
    );
  });

  it('compares long digit runs and long texts in linear time', () => {
    const long = `1.${'9'.repeat(100_000)}`;
    expect(scheme.compare(long, `${long}0`)).not.toBe(undefined);
    expect(scheme.compare(`${'1.'.repeat(50_000)}1`, `${'a-'.repeat(50_000)}1`)).not.toBe(undefined);
    expect(scheme.valid('-'.repeat(50_000))).toBeTypeOf('boolean');
  });
});
