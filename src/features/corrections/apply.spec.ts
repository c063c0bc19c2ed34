import { describe, expect, it } from 'vitest';
import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import { buildAnalysis } from '../../../test/builders/analysis.ts';
import { applyCorrections, fillTemplate, type StoredCorrection } from './apply.ts';
import { coversType, packageFields } from './package-fields.ts';

const CPE = 'cpe:2.3:a:pivotal:spring_core:5.3.0:*:*:*:*:*:*:*';
const jar: Package = {
  id: 'a',
  type: 'java-archive',
  name: 'spring-core',
  version: '5.3.0',
  purl: 'pkg:maven/org.springframework/spring-core@5.3.0',
  cpes: [CPE, CPE.replace('pivotal', 'vmware')],
  licenses: [],
  locations: [{ path: '/app/spring-core.jar', evidence: 'primary' }],
  upstreams: [],
  foundBy: 'java',
  confidence: 'metadata',
  metadata: {
    manifest: { main: { 'Implementation-Version': '5.3.0-custom' } },
    pomProperties: { groupId: 'org.springframework', artifactId: 'spring-core', version: '5.3.0' },
  },
};
const analysis: Analysis = { ...buildAnalysis(), packages: [jar] };

function correct(matches: Record<string, string>, replace: [string, string][], type = 'java') {
  const field_matches = Object.entries(matches).map(([field_name, field_value]) => ({ field_name, field_value }));
  const correction: StoredCorrection = {
    uuid: 'u',
    match: { type, field_matches },
    replace: replace.map(([field_name, field_value]) => ({ field_name, field_value })),
  };
  return applyCorrections(analysis, jar, [correction])?.package;
}

describe('a correction matches', () => {
  it.each([
    [{ package: 'spring-core' }, true],
    [{ name: 'spring-core', version: '5.3.0' }, true],
    [{ package: 'spring-core', version: '5.3.1' }, false],
    [{ 'implementation-version': '5.3.0-custom' }, true],
    [{ 'maven-version': '5.3.0' }, true],
    [{ groupId: 'org.springframework' }, true],
    [{ cpes: CPE }, true],
    [{ cpes: 'cpe:2.3:a:other' }, false],
    [{ purl: 'pkg:maven/org.springframework/spring-core@5.3.0' }, true],
    [{ location: '/app/spring-core.jar' }, true],
    [{ 'no-such-field': '' }, false],
    [{}, true],
  ])('%j: %s', (matches, expected) => {
    expect(correct(matches, [['version', '6']]) !== undefined).toBe(expected);
  });

  it.each([
    ['java', 'java-archive', true],
    ['Java', 'jenkins-plugin', true],
    ['java-archive', 'java-archive', true],
    ['npm', 'java-archive', false],
    ['os', 'deb', true],
    ['dpkg', 'deb', true],
    ['os', 'npm', false],
    ['go', 'go-module', true],
    ['nuget', 'dotnet', true],
    ['rust-crate', 'rust-crate', true],
  ] as const)('type %s, %s: %s', (wanted, type, expected) => expect(coversType(wanted, { type })).toBe(expected));
});

describe('a correction replaces', () => {
  it('a list as a whole, with fields of the package in it', () => {
    const cpe = 'cpe:2.3:a:acme:{package}:{implementation-version}:*:*:*:*:*:*:*';
    expect(correct({}, [['cpes', cpe]])?.cpes).toEqual(['cpe:2.3:a:acme:spring-core:5.3.0-custom:*:*:*:*:*:*:*']);
    expect(
      correct({}, [
        ['cpes', CPE],
        ['cpes', cpe],
      ])?.cpes,
    ).toHaveLength(2);
    expect(correct({}, [['cpes', '']])?.cpes).toEqual([]);
  });
  it('the version, in the CPEs too', () => {
    const corrected = correct({}, [['version', '5.3.1']]);
    expect([corrected?.version, corrected?.cpes[0]]).toEqual(['5.3.1', CPE.replace('5.3.0', '5.3.1')]);
  });
  it('the name, in the package URL of a jar too', () => {
    expect(correct({}, [['package', 'spring-web']])).toMatchObject({
      name: 'spring-web',
      purl: 'pkg:maven/org.springframework/spring-web@5.3.0',
    });
    expect(correct({}, [['groupId', 'com.acme']])?.metadata.groupId).toBe('com.acme');
  });
  it('values that templates see', () => {
    const replace: [string, string][] = [
      ['version', '9'],
      ['vendor', 'acme'],
      ['cpes', 'cpe:2.3:a:{vendor}:{name}:{version}:*:*:*:*:*:*:*'],
    ];
    expect(correct({}, replace)?.cpes).toEqual(['cpe:2.3:a:acme:spring-core:9:*:*:*:*:*:*:*']);
  });
  it('in the order of the corrections, each matched with the package as found', () => {
    const one = (uuid: string, version: string, match: string): StoredCorrection => ({
      uuid,
      match: { type: 'java', field_matches: [{ field_name: 'version', field_value: match }] },
      replace: [{ field_name: 'version', field_value: version }],
    });
    const result = applyCorrections(analysis, jar, [
      one('1', '6', '5.3.0'),
      one('2', '7', '6'),
      one('3', '8', '5.3.0'),
    ]);
    expect([result?.package.version, result?.corrections]).toEqual(['8', ['1', '3']]);
  });
});

describe('fillTemplate', () => {
  const fields = new Map<string, string | string[]>([
    ['a', '1:2~x'],
    ['list', ['first', 'second']],
    ['none', 'N/A'],
  ]);
  it.each([
    ['{a}', '1\\:2\\~x'],
    ['{list}', 'first'],
    ['{none}:{unknown}', '*:*'],
    ['plain', 'plain'],
  ])('%s: %s', (text, expected) => expect(fillTemplate(text, fields)).toBe(expected));
});

describe('packageFields', () => {
  it('are those of the content, with a name', () => {
    const fields = packageFields(analysis, jar);
    expect(fields.get('type')).toBe('java-jar');
    expect(fields.get('path')).toBe('/app/spring-core.jar');
    expect(fields.get('cpes')).toEqual(jar.cpes);
  });
});
