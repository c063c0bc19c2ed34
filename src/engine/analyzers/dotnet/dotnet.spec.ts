import { describe, expect, it } from 'vitest';
import { buildPe } from '../../formats/pe/pe-builder.fixture.ts';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { releaseVersion } from './assembly.ts';
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

  it('reports assemblies that no list speaks of, and what they use', () => {
    const library = buildPe({
      name: 'Newtonsoft.Json',
      version: [13, 0, 0, 0],
      attributes: {
        AssemblyFileVersionAttribute: '13.0.3.27908',
        AssemblyInformationalVersionAttribute: '13.0.3+0a2e291c',
        AssemblyCompanyAttribute: 'Newtonsoft',
      },
    });
    const { packages, relationships } = analyzeFiles(dotnetAnalyzer, {
      '/srv/tool/Tool.EXE': buildPe({
        name: 'Tool',
        version: [2, 1, 0, 0],
        references: ['newtonsoft.json', 'mscorlib'],
      }),
      '/srv/tool/Newtonsoft.Json.dll': library,
      '/srv/tool/native.dll': buildPe(),
      '/srv/tool/de/Tool.resources.dll': buildPe({ name: 'Tool.resources', culture: 'de' }),
      '/srv/tool/ref/Tool.dll': buildPe({ name: 'Tool', attributes: { ReferenceAssemblyAttribute: '' } }),
      '/usr/lib/mono/4.5/System.dll': buildPe({
        name: 'System',
        attributes: { AssemblyProductAttribute: 'Mono Common Language Infrastructure' },
      }),
    });
    expect(rows(packages)).toEqual([
      'Tool@2.1.0 /srv/tool/Tool.EXE',
      'Newtonsoft.Json@13.0.3 /srv/tool/Newtonsoft.Json.dll',
    ]);
    expect(packages[1]).toMatchObject({
      purl: 'pkg:nuget/Newtonsoft.Json@13.0.3',
      origin: 'Newtonsoft',
      metadataType: 'dotnet-portable-executable-entry',
      metadata: { assemblyVersion: '13.0.0.0', fileVersion: '13.0.3.27908', productVersion: '13.0.3+0a2e291c' },
    });
    expect(relationships).toHaveLength(1);
  });

  it('leaves assemblies to the list that places them', () => {
    const { packages } = analyzeFiles(dotnetAnalyzer, {
      [PATH]: JSON.stringify(DEPS),
      '/app/app.dll': buildPe({ name: 'app' }),
      '/app/runtimes/linux/Humanizer.dll': buildPe({ name: 'Humanizer' }),
      '/app/plugins/Extra.dll': buildPe({ name: 'Extra' }),
      '/other/Humanizer.dll': buildPe({ name: 'Humanizer' }),
    });
    expect(rows(packages).slice(3)).toEqual([
      'Extra@1.0.0 /app/plugins/Extra.dll',
      'Humanizer@1.0.0 /other/Humanizer.dll',
    ]);
  });

  it.each([
    ['1.2.3-beta.1+abc', '9.9.9.9', '1.2.3-beta.1'],
    ['1.2.3.0', undefined, '1.2.3'],
    ['1.2.3.4', undefined, '1.2.3.4'],
    ['build of today', '6.0.8.18111', '6.0.8'],
    [undefined, undefined, '5.0.0'],
    ['0.0.0', '2.1', '2.1.0'],
  ])('takes the version of a release from %s and %s', (informational, file, expected) => {
    expect(releaseVersion(informational, file, '5.0.0.0')).toBe(expected);
    expect(releaseVersion('0.0', '', '0.0.0.0')).toBeUndefined();
  });
});
