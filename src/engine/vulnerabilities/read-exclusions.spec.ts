import { describe, expect, it } from 'vitest';
import { readExclusions } from './read-exclusions.ts';

const record = {
  id: 'CVE-1',
  exclusions: [
    {
      justification: 'other product',
      constraints: [
        { namespaces: ['nvd:cpe'], packages: [{ type: 'gem', name: 'matrix', versions: ['1'] }, { language: 'php' }] },
      ],
    },
    { justification: 'rejected' },
  ],
};

describe('readExclusions', () => {
  it.each([
    ['one record', JSON.stringify(record)],
    ['a list', JSON.stringify([record])],
    ['lines', `${JSON.stringify(record)}\n\n`],
    ['an envelope', JSON.stringify({ schema: 'x', identifier: 'cve-1', item: record })],
  ])('reads %s', (_, text) => {
    expect(readExclusions(text)).toEqual({
      problems: [],
      exclusions: [
        {
          vulnerability: 'CVE-1',
          justification: 'other product',
          namespaces: ['nvd:cpe'],
          package: { type: 'gem', name: 'matrix', versions: ['1'] },
        },
        {
          vulnerability: 'CVE-1',
          justification: 'other product',
          namespaces: ['nvd:cpe'],
          package: { language: 'php' },
        },
        { vulnerability: 'CVE-1', justification: 'rejected' },
      ],
    });
  });

  it.each([
    ['no JSON', '{', 'line 1 is not JSON'],
    ['no id', '{"exclusions": []}', 'record 1 has no id or no exclusions'],
    ['other shapes', '[null]', 'record 1 has no id or no exclusions'],
    ['no reason', '{"id":"CVE-1","exclusions":[{}]}', 'an exclusion of CVE-1 has no justification'],
  ])('says what is wrong with %s', (_, text, problem) => {
    expect(readExclusions(text)).toEqual({ exclusions: [], problems: [problem] });
  });
});
