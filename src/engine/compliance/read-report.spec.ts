import { describe, expect, it } from 'vitest';
import { arf, type SampleRun, testResult, xccdf } from '../../../test/builders/compliance.ts';
import { readComplianceReport } from './read-report.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './types.ts';

const run: SampleRun = {
  rules: [
    {
      id: 'rule_a',
      result: 'pass',
      severity: 'high',
      title: 'A < B & C',
      ident: { system: 'https://ncp.nist.gov/cce', value: 'CCE-1-1' },
      reference: { href: 'http://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-53r4.pdf', text: 'CM-6(a)' },
    },
    { id: 'rule_b', result: 'fail', message: 'bad <mode>' },
    { id: 'rule_c', result: 'notselected' },
  ],
};

const read = (text: string | Uint8Array, limits: Partial<ReadLimits> = {}) =>
  readComplianceReport([typeof text === 'string' ? Buffer.from(text) : text], { ...DEFAULT_READ_LIMITS, ...limits });

describe('readComplianceReport', () => {
  it.each([
    ['a benchmark of XCCDF 1.2', xccdf(run), 'xccdf-1.2'],
    ['a benchmark of XCCDF 1.1', xccdf({ ...run, version: '1.1' }), 'xccdf-1.1'],
    ['an asset report', arf(run), 'arf'],
    ['a document with a byte order mark', `\ufeff${xccdf(run)}`, 'xccdf-1.2'],
  ])('reads %s', async (_, text, format) => {
    const report = await read(text);
    expect(report).toMatchObject({
      format,
      benchmark: { id: 'benchmark_sample', title: 'Sample benchmark', version: '7' },
      profile: { id: 'profile_standard', title: 'Standard profile' },
      target: 'web-1',
      testSystem: 'cpe:/a:sample:scanner:1',
      startedAt: '2026-03-01T10:00:00.000Z',
      endedAt: '2026-03-01T10:00:05.000Z',
      scores: [{ system: 'urn:xccdf:scoring:default', value: 50, maximum: 100 }],
      counts: { pass: 1, fail: 1, notselected: 1 },
      verdict: 'fail',
      problems: [],
    });
    expect(report.results[0]).toMatchObject({
      result: 'pass',
      weight: 1,
      check: 'oval:rule_a:def:1',
      rule: {
        id: 'rule_a',
        title: 'A < B & C',
        severity: 'high',
        group: 'group_1',
        description: 'Set rule_a & be safe.',
        rationale: 'It is safer.',
        fix: 'Turn it on.',
        idents: [{ system: 'https://ncp.nist.gov/cce', value: 'CCE-1-1' }],
        references: [{ text: 'CM-6(a)' }],
      },
    });
    expect(report.results[1]!.messages).toEqual(['bad <mode>']);
  });

  it('reads a bare result, whose rules have no titles', async () => {
    const report = await read(testResult(run, ' xmlns="http://checklists.nist.gov/xccdf/1.2"'));
    expect(report).toMatchObject({ verdict: 'fail', problems: [], profile: { id: 'profile_standard' } });
    expect(report.results.map(({ rule }) => [rule.id, rule.title])).toEqual([
      ['rule_a', ''],
      ['rule_b', ''],
      ['rule_c', ''],
    ]);
  });

  it('gives the same for any cut of the bytes into chunks', async () => {
    const bytes = Buffer.from(arf({ ...run, target: 'wéb — 1' }));
    const whole = await read(bytes);
    for (const size of [1, 7, 300]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(await readComplianceReport(chunks)).toEqual(whole);
    }
    expect(whole.target).toBe('wéb — 1');
  });

  it('reads other encodings by their declaration or byte order mark', async () => {
    const latin = xccdf({ ...run, target: 'Büro' }, '<?xml version="1.0" encoding="ISO-8859-1"?>\n');
    expect((await read(Buffer.from(latin, 'latin1'))).target).toBe('Büro');
    const wide = xccdf({ ...run, target: 'Büro' }, '\ufeff<?xml version="1.0" encoding="UTF-16"?>\n');
    expect((await read(Buffer.from(wide, 'utf16le'))).target).toBe('Büro');
  });

  it('takes the run that ended last, and says so', async () => {
    const older = testResult({ ...run, rules: [{ id: 'rule_a', result: 'fail' }], endTime: '2025-01-01T00:00:00' });
    const text = xccdf({ ...run, rules: [{ id: 'rule_a', result: 'pass' }] }).replace(
      '</Benchmark>',
      `${older}</Benchmark>`,
    );
    const report = await read(text);
    expect(report.verdict).toBe('pass');
    expect(report.problems).toMatchObject([{ code: 'several-results' }]);
  });

  it('counts a result that it does not know as unknown, and one that is missing too', async () => {
    const text = xccdf({
      rules: [
        { id: 'rule_a', result: 'maybe' },
        { id: 'rule_b', result: 'pass' },
      ],
    });
    const report = await read(text.replace('<result>pass</result>', ''));
    expect(report).toMatchObject({ counts: { unknown: 2 }, verdict: 'fail', problems: [{ code: 'strange-outcome' }] });
  });

  it('keeps as many results as it may and counts all', async () => {
    const rules = Array.from({ length: 50 }, (_, i) => ({ id: `rule_${i}`, result: i === 49 ? 'fail' : 'pass' }));
    const report = await read(xccdf({ rules }), { results: 10, text: 5 });
    expect(report.results).toHaveLength(10);
    expect(report).toMatchObject({
      counts: { pass: 49, fail: 1 },
      verdict: 'fail',
      problems: [{ code: 'results-cut' }],
    });
    expect(report.results[0]!.rule.title).toBe('Title');
  });

  const bomb = `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xccdf(run, '')}`;
  it.each<[string, string | Uint8Array, string, Partial<ReadLimits>]>([
    ['nothing', '', 'empty', {}],
    ['no XML', 'hello', 'not-xml', {}],
    ['a document type', bomb, 'doctype', {}],
    ['an entity of its own', xccdf({ ...run, target: '&own;' }).replace('&#38;own;', '&own;'), 'not-xml', {}],
    ['another vocabulary', '<a/>', 'unknown-root', {}],
    ['a benchmark that nobody ran', '<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2"/>', 'no-result', {}],
    ['an end in the middle', xccdf(run).slice(0, 900), 'not-xml', {}],
    ['deep nesting', `<TestResult xmlns="http://checklists.nist.gov/xccdf/1.2">${'<a>'.repeat(300)}`, 'too-deep', {}],
    ['many elements', arf(run), 'too-many-elements', { elements: 20 }],
    ['many bytes', arf(run), 'too-large', { bytes: 1000 }],
    ['an encoding that is unknown', '<?xml version="1.0" encoding="x-none"?><a/>', 'bad-encoding', {}],
    ['bytes that are not in its encoding', Buffer.from([0x3c, 0x61, 0xff, 0x3e]), 'bad-encoding', {}],
  ])('refuses %s', async (_, text, code, limits) => {
    await expect(read(text, limits)).rejects.toMatchObject({ name: 'ComplianceReadError', code });
  });
});
