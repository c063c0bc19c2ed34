import { describe, expect, it } from 'vitest';
import { readArchiveFileName } from './file-name.ts';

describe('readArchiveFileName', () => {
  it.each([
    ['commons-lang3-3.12.0.jar', 'commons-lang3', '3.12.0'],
    ['gson.jar', 'gson', undefined],
    ['log4j-1.2-api-2.17.1.jar', 'log4j-1.2-api', '2.17.1'],
    ['spring-boot-2.0.1.RELEASE.jar', 'spring-boot', '2.0.1.RELEASE'],
    ['hibernate-core-5.6.0.Final.jar', 'hibernate-core', '5.6.0.Final'],
    ['guava-31.1-jre.jar', 'guava', '31.1-jre'],
    ['guava-19.jar', 'guava', '19'],
    ['demo-0.0.1-SNAPSHOT.war', 'demo', '0.0.1-SNAPSHOT'],
    ['level-3-jar.jar', 'level-3-jar', undefined],
    [
      'netty-tcnative-boringssl-static-2.0.61.Final-linux-x86_64.jar',
      'netty-tcnative-boringssl-static',
      '2.0.61.Final',
    ],
    ['app-1.4-jar-with-dependencies.jar', 'app', '1.4'],
    ['org.eclipse.osgi_3.16.300.v20210525-1715.jar', 'org.eclipse.osgi', '3.16.300.v20210525-1715'],
    ['bcprov-jdk15on-1.70.jar', 'bcprov-jdk15on', '1.70'],
    ['ojdbc8-19.3.0.0.jar', 'ojdbc8', '19.3.0.0'],
    ['kafka_2.13-3.4.0.jar', 'kafka_2.13', '3.4.0'],
    ['jsr305-3.0.2.jar', 'jsr305', '3.0.2'],
    ['protonpack-r06.jar', 'protonpack', 'r06'],
    ['tool-build212.jar', 'tool', 'build212'],
    ['extra-4aug2000r7-dev.jar', 'extra', '4aug2000r7-dev'],
    [
      'listenablefuture-9999.0-empty-to-avoid-conflict-with-guava.jar',
      'listenablefuture',
      '9999.0-empty-to-avoid-conflict-with-guava',
    ],
    ['1.0.jar', '1.0', undefined],
  ])('%s', (file, name, version) => {
    const told = readArchiveFileName(file);
    expect([told.name, told.version]).toEqual([name, version]);
  });
});
