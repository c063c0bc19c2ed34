import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, parseConstraint, satisfies } from '#engine/versions/constraint.ts';
import type { PackedRange } from '../index/format.ts';
import { osvRanges } from './ranges.ts';

type Events = Record<string, string>[];

function read(affected: object, type = 'npm'): { ranges: PackedRange[] | undefined; lost: string[] } {
  const lost: string[] = [];
  return { ranges: osvRanges(affected as never, type, (text) => void lost.push(text)), lost };
}

const of = (events: Events, type = 'SEMVER') => ({ ranges: [{ type, events }] });

describe('osvRanges', () => {
  it.each<[string, object, PackedRange[] | undefined]>([
    ['fixed', of([{ introduced: '0' }, { fixed: '1.2' }]), [['npm', '< 1.2', '1.2', 'fixed']]],
    ['from a version on', of([{ introduced: '1' }, { fixed: '2' }]), [['npm', '>= 1, < 2', '2', 'fixed']]],
    ['never fixed', of([{ introduced: '0' }]), [['npm', '', '', 'not-fixed']]],
    ['last affected', of([{ introduced: '1' }, { last_affected: '3' }]), [['npm', '>= 1, <= 3']]],
    ['one version alone', of([{ introduced: '3' }, { last_affected: '3' }]), [['npm', '>= 3, <= 3']]],
    ['a limit', of([{ introduced: '0' }, { limit: '4' }]), [['npm', '< 4']]],
    ['no limit', of([{ introduced: '0' }, { limit: '*' }]), [['npm', '', '', 'not-fixed']]],
    [
      'out of order, several branches',
      of([{ fixed: '2.5' }, { introduced: '2.0' }, { introduced: '0' }, { fixed: '1.9' }]),
      [
        ['npm', '< 1.9', '1.9', 'fixed'],
        ['npm', '>= 2.0, < 2.5', '2.5', 'fixed'],
      ],
    ],
    ['ten after nine', of([{ introduced: '9' }, { fixed: '10' }]), [['npm', '>= 9, < 10', '10', 'fixed']]],
    ['commits alone', of([{ introduced: '0' }, { fixed: 'abc' }], 'GIT'), undefined],
    [
      'commits and versions',
      { ...of([{ introduced: '0' }], 'GIT'), versions: ['1.0', '1.1'] },
      [['npm', '= 1.0 || = 1.1']],
    ],
    [
      'listed versions that the range has, and one that it has not',
      { ...of([{ introduced: '0' }, { fixed: '2' }]), versions: ['1.0', '3.0'] },
      [
        ['npm', '< 2', '2', 'fixed'],
        ['npm', '= 3.0'],
      ],
    ],
    ['neither', {}, []],
    [
      'a version with spaces',
      of([{ introduced: '0' }, { fixed: '1 beta' }]),
      [['npm', '< "1 beta"', '1 beta', 'fixed']],
    ],
    [
      'an upper bound beside an open range',
      { ...of([{ introduced: '0' }]), database_specific: { last_known_affected_version_range: '<= 1.4' } },
      [['npm', '<= 1.4', '', 'not-fixed']],
    ],
  ])('%s', (_, affected, expected) => expect(read(affected).ranges).toEqual(expected));

  it('tells what it leaves out', () => {
    expect(read(of([{ introduced: '0' }], 'GIT')).lost).toEqual(['package with commit ranges alone']);
    expect(read(of([{ introduced: '0' }], 'OTHER')).lost).toContain('unknown type of range');
    expect(read({}).lost).toEqual(['package without versions: all taken']);
  });

  it('says of each version what the events say', () => {
    const version = fc.integer({ min: 1, max: 12 }).map(String);
    const pairs = fc.array(fc.tuple(version, version), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(pairs, version, (list, tested) => {
        const events = list.flatMap(([a, b]) => {
          const [from, to] = Number(a) < Number(b) ? [a, b] : [b, a];
          return [{ introduced: from }, { fixed: to }];
        });
        // The schema's algorithm: walk the events in order of version, the last that is not above decides.
        const sorted = events
          .map((event) => ({ at: Number(event.introduced ?? event.fixed), begins: 'introduced' in event }))
          .sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
        let vulnerable = false;
        for (const { at, begins } of sorted) if (at <= Number(tested)) vulnerable = begins;
        const { ranges = [] } = read(of(events));
        const found = ranges.some(([, text]) => satisfies(candidate(tested), parseConstraint(text, 'npm')));
        expect(found).toBe(vulnerable);
      }),
    );
  });
});
