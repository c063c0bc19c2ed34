import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildElf } from '../../formats/elf/elf-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { rustBinaryAnalyzer } from './index.ts';

const FILLER = { name: '.text', content: Buffer.alloc(80 << 10) };

function audited(document: unknown): Buffer {
  return buildElf([{ name: '.dep-v0', content: deflateSync(JSON.stringify(document)) }, FILLER]);
}

describe('rust binaries', () => {
  it('reads audit data, without crates that only built', () => {
    const bytes = audited({
      packages: [
        { name: 'app', version: '0.1.0', source: 'local', root: true, dependencies: [1, 2, 9] },
        { name: 'regex', version: '1.7.0', source: 'crates.io' },
        { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
      ],
    });
    const { packages, relationships } = analyzeFiles(rustBinaryAnalyzer, { '/bin/app': bytes });
    expect(rows(packages)).toEqual(['app@0.1.0 /bin/app', 'regex@1.7.0 /bin/app']);
    expect(packages[1]?.purl).toBe('pkg:cargo/regex@1.7.0');
    expect(relationships).toHaveLength(1);
  });

  it.each([
    ['no zlib stream', Buffer.from('junk')],
    ['no JSON', deflateSync('junk')],
    ['no list', deflateSync('{}')],
  ])('reports audit data that is unreadable: %s', (_, content) => {
    const { packages, problems } = analyzeFiles(rustBinaryAnalyzer, {
      '/bin/app': buildElf([{ name: '.dep-v0', content }, FILLER]),
    });
    expect(packages).toEqual([]);
    expect(problems).toMatchObject([{ code: 'rust-audit-data-unreadable', severity: 'partial' }]);
  });

  it('falls back to the paths of panic messages', () => {
    const text =
      '/rustc/0123456789012345678901234567890123456789/library/core/src/x.rs' +
      '/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/regex-automata-0.4.3/src/lib.rs' +
      '/usr/share/cargo/registry/memchr-2.5.0/src/lib.rsregistry/notacrate/registry/src/x/also-not/src';
    const { packages } = analyzeFiles(rustBinaryAnalyzer, {
      '/bin/app': buildElf([{ name: '.rodata', content: Buffer.from(text) }, FILLER]),
    });
    expect(rows(packages)).toEqual(['regex-automata@0.4.3 /bin/app', 'memchr@2.5.0 /bin/app']);
    expect(packages[0]?.confidence).toBe('heuristic');
  });
});
