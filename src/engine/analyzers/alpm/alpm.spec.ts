import { expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { alpmAnalyzer } from './index.ts';
import { parseSections } from './parse.ts';

const DESC =
  '%NAME%\nlib32-glibc\n\n%VERSION%\n2.39-1\n\n%BASE%\nglibc\n\n%ARCH%\nx86_64\n\n%SIZE%\n19000\n\n%LICENSE%\nGPL-2.0-or-later\nLGPL-2.1-or-later\n\n%DEPENDS%\nfilesystem>=1\n';

it('reads sections', () => {
  expect([...parseSections('%A%\n1\n2\n\n%B%\n\n%A%\n3\nnoise').entries()]).toEqual([
    ['A', ['1', '2']],
    ['B', []],
  ]);
});

it('joins desc and files', () => {
  const { packages, relationships } = runAnalyzers([distroAnalyzer, alpmAnalyzer], {
    '/etc/os-release': 'ID=arch\n',
    '/var/lib/pacman/local/lib32-glibc-2.39-1/desc': DESC,
    '/var/lib/pacman/local/lib32-glibc-2.39-1/files':
      '%FILES%\netc/\netc/a.conf\nusr/lib32/libc.so\n\n%BACKUP%\netc/a.conf\tb8a9a8b5e5c5d1f2a3b4c5d6e7f80910\n',
    '/var/lib/pacman/local/filesystem-2023/desc': '%NAME%\nfilesystem\n\n%VERSION%\n2023-1\n',
    '/var/lib/pacman/local/broken-1/desc': '%NAME%\nbroken\n',
  });
  expect(packages.map(({ name }) => name)).toEqual(['filesystem', 'lib32-glibc']);
  expect(packages[1]).toMatchObject({
    purl: 'pkg:alpm/arch/lib32-glibc@2.39-1?arch=x86_64&distro=arch&upstream=glibc',
    upstreams: [{ name: 'glibc' }],
    size: 19000,
    files: [
      { path: '/etc/a.conf', digest: 'md5:b8a9a8b5e5c5d1f2a3b4c5d6e7f80910', isConfig: true },
      { path: '/usr/lib32/libc.so' },
    ],
  });
  expect(relationships).toEqual([{ from: packages[0]?.id, to: packages[1]?.id, type: 'dependency-of' }]);
});
