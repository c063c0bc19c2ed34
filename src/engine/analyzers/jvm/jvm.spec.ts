import { describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze-files.fixture.ts';
import { jvmAnalyzer } from './index.ts';

const HOME = '/opt/java';
const release = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}="${value}"`)
    .join('\n');

describe('jvm', () => {
  it.each([
    [
      'Temurin',
      { IMPLEMENTOR: 'Eclipse Adoptium', JAVA_VERSION: '17.0.9', JAVA_RUNTIME_VERSION: '17.0.9+9' },
      'openjdk',
      '17.0.9+9',
      'oracle:openjdk:17.0.9:*',
    ],
    [
      'Debian',
      { IMPLEMENTOR: 'Debian', JAVA_VERSION: '17.0.21.1', JAVA_RUNTIME_VERSION: '17.0.21.1+2-1-deb12u1-Debian' },
      'openjdk',
      '17.0.21.1+2',
      'oracle:openjdk:17.0.21.1:*',
    ],
    [
      'Java 8',
      { JAVA_VERSION: '1.8.0_392', JAVA_RUNTIME_VERSION: '1.8.0_392-b08' },
      'openjdk',
      '1.8.0_392-b08',
      'oracle:openjdk:1.8.0:update392',
    ],
    [
      'Oracle',
      {
        IMPLEMENTOR: 'Oracle Corporation',
        BUILD_TYPE: 'commercial',
        JAVA_VERSION: '21.0.1',
        JAVA_RUNTIME_VERSION: '21.0.1+12-LTS-29',
      },
      'jre',
      '21.0.1+12',
      'oracle:jre:21.0.1:*',
    ],
    ['Zulu', { IMPLEMENTOR: 'Azul Systems, Inc.', JAVA_VERSION: '11.0.21' }, 'zulu', '11.0.21', 'azul:zulu:11.0.21:*'],
    [
      'GraalVM',
      { IMPLEMENTOR: 'GraalVM Community', GRAALVM_VERSION: '22.3.1', JAVA_VERSION: '17.0.6' },
      'graalvm',
      '22.3.1',
      'oracle:graalvm:22.3.1:*',
    ],
  ])('%s', (_, fields, name, version, cpe) => {
    const { packages } = analyzeFiles(jvmAnalyzer, { [`${HOME}/release`]: release(fields) });
    expect(packages).toMatchObject([{ name, version }]);
    expect(packages[0]?.cpes[0]).toBe(`cpe:2.3:a:${cpe}:*:*:*:*:*:*`);
  });

  it('tells a development kit by its compiler', () => {
    const fields = { BUILD_TYPE: 'commercial', JAVA_VERSION: '1.8.0_411' };
    const files = { [`${HOME}/release`]: release(fields), [`${HOME}/bin/javac`]: 'x' };
    expect(analyzeFiles(jvmAnalyzer, files).packages).toMatchObject([
      { name: 'jdk', cpes: expect.arrayContaining(['cpe:2.3:a:oracle:jdk:1.8.0:update411:*:*:*:*:*:*']) },
    ]);
  });

  it('names a build of OpenJDK by no product of Oracle alone', () => {
    const { packages } = analyzeFiles(jvmAnalyzer, { [`${HOME}/release`]: release({ JAVA_VERSION: '17.0.9' }) });
    expect(packages[0]?.cpes).toEqual(['cpe:2.3:a:oracle:openjdk:17.0.9:*:*:*:*:*:*:*']);
  });

  it('passes over other files of that name', () => {
    expect(analyzeFiles(jvmAnalyzer, { '/etc/release': 'NAME="x"\n' }).packages).toEqual([]);
  });
});
