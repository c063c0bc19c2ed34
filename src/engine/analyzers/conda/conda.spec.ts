import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { condaAnalyzer } from './index.ts';

const PATH = '/opt/conda/conda-meta/zlib-1.2.13-hd590300_5.json';
const RECORD = {
  name: 'zlib',
  version: '1.2.13',
  build: 'hd590300_5',
  channel: 'https://packages.example/conda-forge/linux-64',
  subdir: 'linux-64',
  fn: 'zlib-1.2.13-hd590300_5.conda',
  license: 'Zlib',
  depends: ['libgcc-ng >=12', 'libzlib 1.2.13 hd590300_5', 'python>=3'],
  size: 92825,
  paths_data: { paths: [{ _path: 'include/zlib.h', sha256: 'aa', sha256_in_prefix: 'bb' }, { _path: 'lib/libz.so' }] },
};

describe('conda', () => {
  it('reads the record of a package', () => {
    const { packages } = analyzeFiles(condaAnalyzer, { [PATH]: JSON.stringify(RECORD) });
    expect(rows(packages)).toEqual([`zlib@1.2.13 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'conda',
      purl: 'pkg:conda/zlib@1.2.13?build=hd590300_5&channel=conda-forge&subdir=linux-64&type=conda',
      licenses: [{ value: 'Zlib' }],
      dependencies: ['libgcc-ng', 'libzlib', 'python'],
      files: [{ path: '/opt/conda/include/zlib.h', digest: 'sha256:bb' }, { path: '/opt/conda/lib/libz.so' }],
      size: 92825,
    });
  });

  it('reads old records, and environments at the root', () => {
    const old = { name: 'a', version: '1', channel: 'defaults', files: ['bin/a'] };
    const { packages } = analyzeFiles(condaAnalyzer, { '/conda-meta/a-1-0.json': JSON.stringify(old) });
    expect(packages[0]?.purl).toBe('pkg:conda/a@1?channel=defaults');
    expect(packages[0]?.files).toEqual([{ path: '/bin/a' }]);
  });

  it.each([
    ['no record', '/opt/conda/conda-meta/state.json', '{"version": 1}'],
    ['a list', PATH, '[]'],
    ['another place', '/opt/meta/a.json', JSON.stringify(RECORD)],
  ])('takes nothing from %s', (_, path, text) => {
    expect(analyzeFiles(condaAnalyzer, { [path]: text })).toMatchObject({ packages: [], problems: [] });
  });

  it('reports what is no JSON', () => {
    expect(analyzeFiles(condaAnalyzer, { [PATH]: '{' }).problems).toMatchObject([
      { code: 'conda-record-unreadable', path: PATH, severity: 'partial' },
    ]);
  });
});
