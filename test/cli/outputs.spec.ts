import { describe, expect, it } from 'vitest';
import { imageSource, parseAnnotations } from '../../src/programs/cli/commands/images/add.ts';
import { scanRequest } from '../../src/programs/cli/commands/scan.ts';
import { parseOutputs } from '../../src/programs/cli/scan/outputs.ts';
import { parseSeverity, reaches } from '../../src/programs/cli/scan/severity.ts';

describe('scan outputs', () => {
  it.each([
    [[], [{ format: 'table' }]],
    [['json'], [{ format: 'json' }]],
    [
      ['table', 'spdx-json=a=b.json'],
      [{ format: 'table' }, { format: 'spdx-json', file: 'a=b.json' }],
    ],
    [['json=-'], [{ format: 'json' }]],
    [
      ['json=x', 'cyclonedx-json=y'],
      [
        { format: 'json', file: 'x' },
        { format: 'cyclonedx-json', file: 'y' },
      ],
    ],
  ])('%j', (values, expected) => expect(parseOutputs(values)).toEqual(expected));
  it.each([
    [['yaml'], 'unknown output format "yaml"'],
    [['json='], 'names no file'],
    [['json', 'table'], 'only one format can go to standard output'],
  ])('refuses %j', (values, message) => expect(() => parseOutputs(values)).toThrow(message));
});

describe('scan options', () => {
  it('become a request', () => {
    expect(scanRequest('x', { output: ['json'], update: false, cache: true, failOn: 'HIGH', quiet: true })).toEqual({
      source: 'x',
      outputs: [{ format: 'json' }],
      packagesOnly: false,
      update: false,
      allowIncomplete: false,
      insecure: false,
      useCache: true,
      progress: 'off',
      failOn: 'High',
    });
  });
  it('refuses an unknown severity', () => expect(() => parseSeverity('bad')).toThrow('unknown severity "bad"'));
  it.each([
    ['Critical', 'High', true],
    ['High', 'High', true],
    ['Medium', 'High', false],
    ['Unknown', 'Negligible', false],
    ['Unknown', 'Unknown', true],
  ] as const)('%s reaches %s: %s', (severity, threshold, expected) =>
    expect(reaches(severity, threshold)).toBe(expected),
  );
});

describe('image add', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['nginx:1', undefined, { tag: { pull_string: 'nginx:1' } }],
    [
      `host:5000/a@${digest}`,
      'host:5000/a:1',
      { digest: { pull_string: `host:5000/a@${digest}`, tag: 'host:5000/a:1' } },
    ],
    [`host:5000/a:2@${digest}`, undefined, { digest: { pull_string: `host:5000/a@${digest}`, tag: 'host:5000/a:2' } }],
  ])('%s as %s', (name, tag, expected) => expect(imageSource(name, tag, {})).toEqual(expected));
  it('reads annotations', () => expect(parseAnnotations(['a=b=c', 'd='])).toEqual({ a: 'b=c', d: '' }));
  it('refuses what is none', () => expect(() => parseAnnotations(['=x'])).toThrow('is no annotation'));
});
