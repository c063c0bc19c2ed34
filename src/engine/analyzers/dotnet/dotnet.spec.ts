import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { dotnetAnalyzer } from './index.ts';

const PATH = '/app/app.deps.json';
const TARGET = '.NETCoreApp,Version=v8.0';
const DEPS = {
  runtimeTarget: { name: TARGET },
  targets: {
    [TARGET]: {
      'app/1.0.0': { dependencies: { Humanizer: '2.14.1' }, runtime: { 'app.dll': {} } },
      'Humanizer/2.14.1': { dependencies: { 'Humanizer.Core': '2.14.1' } },
      'Humanizer.Core/2.14.1': { runtime: { 'lib/net6.0/Humanizer.dll': {} } },
      'NETStandard.Library/2.0.3': { dependencies: {} },
      'System.Text.Placeholder/1.0.0': { runtime: { 'lib/_._': {} } },
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { runtime: { 'System.dll': {} } },
      'Ref.Assembly/1.0.0.0': { runtime: { 'Ref.dll': {} } },
    },
  },
  libraries: {
    'app/1.0.0': { type: 'project', sha512: '' },
    'Humanizer/2.14.1': { type: 'package', sha512: 'sha512-a', path: 'humanizer/2.14.1' },
    'Humanizer.Core/2.14.1': { type: 'package', sha512: 'sha512-b' },
    'NETStandard.Library/2.0.3': { type: 'package' },
    'System.Text.Placeholder/1.0.0': { type: 'package' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
    'Ref.Assembly/1.0.0.0': { type: 'referenceassembly' },
  },
};

describe('dotnet', () => {
  it('reports packages in use, with edges', () => {
    const { packages, relationships } = analyzeFiles(dotnetAnalyzer, { [PATH]: JSON.stringify(DEPS) });
    expect(rows(packages)).toEqual([
      `Humanizer@2.14.1 ${PATH}`,
      `Humanizer.Core@2.14.1 ${PATH}`,
      `Microsoft.NETCore.App.Runtime.linux-x64@8.0.1 ${PATH}`,
    ]);
    expect(packages[2]?.cpes).toEqual(['cpe:2.3:a:microsoft:.net:8.0.1:*:*:*:*:*:*:*']);
    expect(relationships).toHaveLength(1);
  });

  it('survives packages that need each other', () => {
    const target = {
      'A/1': { dependencies: { B: '1' } },
      'B/1': { dependencies: { A: '1' }, runtime: { 'b.dll': {} } },
    };
    const document = { targets: { t: target }, libraries: { 'A/1': { type: 'package' }, 'B/1': { type: 'package' } } };
    expect(analyzeFiles(dotnetAnalyzer, { [PATH]: JSON.stringify(document) }).packages).toHaveLength(2);
  });

  it.each(['{', ''])('reports a file that is no JSON: %j', (text) => {
    expect(analyzeFiles(dotnetAnalyzer, { [PATH]: text }).problems).toMatchObject([{ severity: 'partial' }]);
  });

  it.each(['null', '[]', '{"targets": 1, "libraries": {"a": 1, "/": {}}}'])('survives %s', (text) => {
    expect(analyzeFiles(dotnetAnalyzer, { [PATH]: text }).packages).toEqual([]);
  });
});
