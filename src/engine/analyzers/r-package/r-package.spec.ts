import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { rPackageAnalyzer } from './index.ts';

const PATH = '/usr/lib/R/site-library/Rcpp/DESCRIPTION';
const TEXT = `Package: Rcpp
Title: Seamless R and C++
        Integration
Version: 1.0.10
Depends: R (>= 3.5.0)
Imports: methods, utils (>= 4.0),
 stats
License: GPL (>= 2) | file LICENSE
Maintainer: A B <a@b.example>
Built: R 4.2.2; x86_64-pc-linux-gnu; 2023-01-23; unix
`;

describe('r-package', () => {
  it('reads installed packages', () => {
    const { packages } = analyzeFiles(rPackageAnalyzer, { [PATH]: TEXT });
    expect(rows(packages)).toEqual([`Rcpp@1.0.10 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'R-package',
      purl: 'pkg:cran/Rcpp@1.0.10',
      dependencies: ['methods', 'utils', 'stats'],
      origin: 'A B <a@b.example>',
      metadata: { title: 'Seamless R and C++ Integration' },
    });
    expect(packages[0]?.licenses.map(({ value }) => value)).toEqual(['GPL (>= 2)']);
  });

  it.each([
    ['a source tree', TEXT.replace(/^Built.*$/m, '')],
    ['a stub without version', TEXT.replace(/^Version.*$/m, '')],
    ['other text', 'This is the description of a thing.\n'],
    ['nothing', ''],
  ])('takes nothing from %s', (_, text) => {
    expect(analyzeFiles(rPackageAnalyzer, { [PATH]: text }).packages).toEqual([]);
  });
});
