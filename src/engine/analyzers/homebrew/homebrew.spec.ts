import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { readFormula, readReceipt } from './formula.ts';
import { homebrewAnalyzer } from './index.ts';

const CELLAR = '/home/linuxbrew/.linuxbrew/Cellar';
const WGET = `class Wget < Formula
  desc "Internet file retriever"
  homepage "https://example.org/wget/"
  url "https://example.org/wget-1.24.5.tar.gz"
  license "GPL-3.0-or-later"
  revision 1

  resource "x" do
    url "https://example.org/x"
  end
end
`;
const RECEIPT = {
  arch: 'x86_64',
  source: { tap: 'homebrew/core' },
  runtime_dependencies: [{ full_name: 'openssl@3', version: '3.3.0' }, { full_name: 'user/tap/other' }, 7],
};
const FILES = {
  [`${CELLAR}/wget/1.24.5_1/.brew/wget.rb`]: WGET,
  [`${CELLAR}/wget/1.24.5_1/INSTALL_RECEIPT.json`]: JSON.stringify(RECEIPT),
  [`${CELLAR}/openssl@3/3.3.0/INSTALL_RECEIPT.json`]: '{',
  '/home/linuxbrew/.linuxbrew/Homebrew/Library/Taps/homebrew/homebrew-core/Formula/zlib.rb': WGET,
  [`${CELLAR}/odd/latest/INSTALL_RECEIPT.json`]: '{}',
};

describe('homebrew', () => {
  it('reads what is installed, with formula, receipt and edges', () => {
    const { packages, relationships } = runAnalyzers([homebrewAnalyzer], FILES);
    expect(rows(packages)).toEqual([
      `openssl@3@3.3.0 ${CELLAR}/openssl@3/3.3.0/INSTALL_RECEIPT.json`,
      `wget@1.24.5_1 ${CELLAR}/wget/1.24.5_1/.brew/wget.rb`,
    ]);
    expect(packages[0]).toMatchObject({
      purl: 'pkg:brew/openssl%403@3.3.0',
      cpes: ['cpe:2.3:a:openssl:openssl:3.3.0:*:*:*:*:*:*:*'],
    });
    expect(packages[1]).toMatchObject({
      type: 'homebrew',
      arch: 'x86_64',
      licenses: [{ value: 'GPL-3.0-or-later', spdxExpression: 'GPL-3.0-or-later' }],
      metadata: { tap: 'homebrew/core', homepage: 'https://example.org/wget/', description: 'Internet file retriever' },
    });
    expect(packages[1]?.cpes[0]).toMatch(/:wget:1\.24\.5:/);
    expect(relationships).toHaveLength(1);
  });

  it.each([
    ['license "MIT"', 'MIT'],
    ['license any_of: ["MIT", "Apache-2.0"]', 'MIT OR Apache-2.0'],
    ['license all_of: [\n    "MIT",\n    "0BSD",\n  ]', 'MIT AND 0BSD'],
    ['license all_of: ["MIT", { "GPL-2.0-only" => { with: "x" } }]', undefined],
    ['license :public_domain', undefined],
    ['license LICENSES[0]', undefined],
  ])('reads %s', (line, expected) => {
    expect(readFormula(`class A < Formula\n  ${line}\nend`).license).toBe(expected);
  });

  it.each(['', '[]', 'null', '{"runtime_dependencies": {"a": 1}, "source": []}'])('survives the receipt %j', (json) => {
    expect(readReceipt(json)?.dependencies ?? []).toEqual([]);
    expect(analyzeFiles(homebrewAnalyzer, { [`${CELLAR}/a/1.0/INSTALL_RECEIPT.json`]: json }).packages).toHaveLength(1);
  });

  it('takes bounded time for any formula', () => {
    expect(readFormula(`  license ${'['.repeat(60_000)}`)).toEqual({ kind: 'formula' });
    expect(readFormula(`${' '.repeat(60_000)}desc "`)).toEqual({ kind: 'formula' });
  });
});
