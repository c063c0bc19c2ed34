import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShare } from '../../web/src/format/number.ts';
import { formatSize } from '../../web/src/format/size.ts';
import { formatAgo, formatDuration } from '../../web/src/format/time.ts';
import { plural, sentenceCase, shortDigest } from '../../web/src/format/words.ts';
import { fileMode } from '../../web/src/image/contents/file-mode.ts';
import { filterFindings, fixStateOf, joinPlaces, scoreOf } from '../../web/src/image/vulnerabilities/finding.ts';
import { vulnerabilitiesSearch } from '../../web/src/image/vulnerabilities/vulnerabilities-search.ts';
import { webLink } from '../../web/src/image/vulnerabilities/web-link.ts';
import { imageSource } from '../../web/src/images/image-source.ts';
import { imagesSearch } from '../../web/src/images/images-search.ts';
import { severityOf } from '../../web/src/severity/severity.ts';
import { type CellValue, type Column, compareCells } from '../../web/src/table/column.ts';
import { toCsv } from '../../web/src/table/csv.ts';

describe('formats', () => {
  it.each([
    [undefined, ''],
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 KB'],
    [28_234_000, '28.2 MB'],
    [999_600, '1.00 MB'],
    [5e15, '5.00 PB'],
  ])('size %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
  it.each([
    [0, 'just now'],
    [30_000, '30 sec. ago'],
    [3_600_000, '1 hr. ago'],
    [86_400_000 * 2, '2 days ago'],
    [86_400_000 * 400, 'last yr.'],
  ])('%s ms ago', (ms, text) => expect(formatAgo(new Date(1e12 - ms).toISOString(), 1e12)).toBe(text));
  it('of times that are none', () => expect([formatAgo(undefined), formatAgo('nonsense')]).toEqual(['', '']));
  it.each([
    [900, '1 s'],
    [72_000, '1 min 12 s'],
    [3_700_000, '1 h 1 min'],
  ])('span %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it.each([
    [0.97, '97 %'],
    [0.0123, '1.2 %'],
    [0.00042, '0.04 %'],
  ])('share %s', (share, text) => expect(formatShare(share)).toBe(text));
  it.each([
    ['0o100644', 'rw-r--r--'],
    ['0o104755', 'rwsr-xr-x'],
    ['0o041777', 'rwxrwxrwt'],
    ['0o102644', 'rw-r-Sr--'],
    ['odd', 'odd'],
    [undefined, undefined],
  ])('mode %s', (mode, text) => expect(fileMode(mode)).toBe(text));
  it('words', () => {
    expect(sentenceCase('analysis_failed')).toBe('Analysis failed');
    expect([plural(1, 'image'), plural(1200, 'image')]).toEqual(['1 image', '1,200 images']);
    expect(shortDigest(`sha256:${'ab'.repeat(32)}`)).toBe('abababababab');
    expect([severityOf('critical'), severityOf('Moderate'), severityOf(undefined)]).toEqual([
      'Critical',
      'Unknown',
      'Unknown',
    ]);
  });
});

describe('tables', () => {
  const cell = fc.option(fc.oneof(fc.string(), fc.integer()), { nil: undefined });
  it('order cells consistently', () => {
    const numbers = fc.option(fc.integer(), { nil: undefined });
    for (const values of [numbers, fc.option(fc.string(), { nil: undefined })]) {
      fc.assert(
        fc.property(values, values, values, (a, b, c) => {
          expect(Math.sign(compareCells(a, b))).toBe(-Math.sign(compareCells(b, a)) + 0);
          if (compareCells(a, b) <= 0 && compareCells(b, c) <= 0) expect(compareCells(a, c)).toBeLessThanOrEqual(0);
        }),
      );
    }
  });
  it('order versions by their numbers and absent cells last', () => {
    const values: CellValue[] = [undefined, '1.10', '1.9', '1.2'];
    expect(values.map((value) => ({ value })).sort((a, b) => compareCells(a.value, b.value))).toEqual([
      { value: '1.2' },
      { value: '1.9' },
      { value: '1.10' },
      { value: undefined },
    ]);
  });
  it('export texts that spreadsheets neither split nor run', () => {
    const columns: Column<{ a: CellValue }>[] = [{ id: 'a', title: 'A "b"', value: (row) => row.a }];
    const rows = ['x', 'a,b', 'say "hi"', 'two\nlines', '=1+1', '@sum', -5, undefined].map((a) => ({ a }));
    expect(toCsv(columns, rows)).toBe(
      '"A ""b"""\r\nx\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n\'=1+1\r\n\'@sum\r\n-5\r\n\r\n',
    );
  });
  it('export one line for each row whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const text = toCsv(
          [{ id: 'a', title: 'A', value: (row: { a: CellValue }) => row.a }],
          cells.map((a) => ({ a })),
        );
        const unquoted = text.replaceAll(/"(?:[^"]|"")*"/g, 'q');
        expect(unquoted.split('\r\n')).toHaveLength(cells.length + 2);
      }),
    );
  });
});

describe('findings', () => {
  const row = {
    vuln: 'CVE-1',
    severity: 'High',
    feed_group: 'debian:12',
    package_name: 'a',
    package_version: '1',
    package_type: 'go',
  };
  it('join the places of a package', () => {
    const joined = joinPlaces([
      { ...row, package_path: '/a' },
      { ...row, package_path: '/b' },
      { ...row, package_path: '/b' },
      { ...row, package_version: '2', package_path: '/c' },
    ]);
    expect(joined.map((finding) => finding.paths)).toEqual([['/a', '/b'], ['/c']]);
  });
  it('know their fix and score', () => {
    const [fixed, none, never] = joinPlaces([
      { ...row, vuln: '1', fix: '1.2' },
      { ...row, vuln: '2', fix: 'None' },
      { ...row, vuln: '3', fix: 'None', will_not_fix: true },
    ]).map(fixStateOf);
    expect([fixed, none, never]).toEqual(['fixed', 'none', 'wont-fix']);
    const score = (base_score: number) => ({ cvss_v3: { base_score } });
    const finding = {
      ...row,
      paths: [],
      nvd_data: [score(9.8)],
      vendor_data: [score(5), { cvss_v2: { base_score: -1 } }],
    };
    expect(scoreOf(finding)).toBe(5);
    expect(scoreOf({ ...row, paths: [], vendor_data: [], nvd_data: [score(9.8)] })).toBe(9.8);
    expect(scoreOf({ ...row, paths: [] })).toBeUndefined();
  });
  it('are filtered', () => {
    const all = joinPlaces([
      { ...row, vuln: '1', fix: '1.2', is_kev: true },
      { ...row, vuln: '2', fix: 'None', severity: 'Low', package_type: 'dpkg' },
    ]);
    const ids = (search: Parameters<typeof filterFindings>[1]) =>
      filterFindings(all, search).map((finding) => finding.vuln);
    expect(ids({})).toEqual(['1', '2']);
    expect(ids({ severity: ['Low'] })).toEqual(['2']);
    expect(ids({ fix: 'fixed' })).toEqual(['1']);
    expect(ids({ type: 'dpkg' })).toEqual(['2']);
    expect(ids({ kev: true })).toEqual(['1']);
  });
  it.each([
    ['https://example.com/a', 'https://example.com/a'],
    ['javascript:alert(1)', undefined],
    ['//example.com', undefined],
    [undefined, undefined],
  ])('link to %s', (url, link) => expect(webLink(url)).toBe(link));
});

describe('addresses', () => {
  it('leave out what the page does not know', () => {
    expect(
      imagesSearch({
        search: 12,
        verdict: 'maybe',
        severity: 'high',
        order: 'drop table',
        page: '0',
        ascending: 'yes',
      }),
    ).toEqual({
      search: '12',
      severity: 'high',
    });
    expect(imagesSearch({ page: '3', order: 'packages', ascending: true, status: 'analyzed' })).toEqual({
      page: 3,
      order: 'packages',
      ascending: true,
      status: 'analyzed',
    });
    expect(vulnerabilitiesSearch({ severity: ['Low', 'High', 'x'], fix: 'fixed', kev: 'true', type: '' })).toEqual({
      severity: ['High', 'Low'],
      fix: 'fixed',
    });
  });
  it('of images become the source that the server takes', () => {
    expect(imageSource(' a/b:1 ', '', undefined)).toEqual({ tag: { pull_string: 'a/b:1' } });
    const digest = `r/a@sha256:${'0'.repeat(64)}`;
    expect(imageSource(digest, 'r/a:1', 'FROM ü')).toEqual({
      digest: { pull_string: digest, tag: 'r/a:1', dockerfile: Buffer.from('FROM ü').toString('base64') },
    });
  });
});
