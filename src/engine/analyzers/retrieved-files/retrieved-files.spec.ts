import { expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { retrievedFilesAnalyzer } from './index.ts';

const run = (files: Parameters<typeof runAnalyzers>[1], retrieveFiles = ['/etc/passwd'], retrieveMaxFileSize = 100) =>
  runAnalyzers([retrievedFilesAnalyzer], files, { settings: { retrieveFiles, retrieveMaxFileSize } });

it('keeps exact paths only', () => {
  expect(run({ '/etc/passwd': 'root:x:0:0', '/srv/etc/passwd': 'other' }).retrievedFiles).toEqual([
    { path: '/etc/passwd', content_base64: Buffer.from('root:x:0:0').toString('base64') },
  ]);
});

it('follows links and keeps binary content', () => {
  const evidence = run({ '/usr/etc/passwd': Buffer.from([0, 255, 10]), '/etc/passwd': { link: '../usr/etc/passwd' } });
  expect(evidence.retrievedFiles).toEqual([{ path: '/etc/passwd', content_base64: 'AP8K' }]);
});

it('tells what was too large', () => {
  const evidence = run({ '/etc/passwd': 'x'.repeat(101) });
  expect(evidence.retrievedFiles).toEqual([]);
  expect(evidence.problems).toMatchObject([{ code: 'retrieved-file-too-large', path: '/etc/passwd' }]);
});
