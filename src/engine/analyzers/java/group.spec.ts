import { describe, expect, it } from 'vitest';
import { buildZip } from '../../formats/zip/zip-builder.fixture.ts';
import { analyzeFiles } from '../analyze-files.fixture.ts';
import type { ArchiveFact } from './archive.ts';
import { groupMentions, guessGroup } from './group.ts';
import { javaAnalyzer } from './index.ts';

type Told = Pick<ArchiveFact, 'manifest' | 'classDirectory'>;

function told(main: Record<string, string>, classDirectory?: string): Told {
  return { manifest: { main, sections: [] }, ...(classDirectory === undefined ? {} : { classDirectory }) };
}

describe('guessGroup', () => {
  it.each<[string, Told, string, string, string]>([
    ['an artifact published under its own name', {}, 'dom4j', '1.6.1', 'dom4j'],
    ['a well-known artifact', told({ 'Implementation-Vendor-Id': 'com.sun' }), 'activation', '1.1', 'javax.activation'],
    ['a release before the group moved', {}, 'asm', '3.1', 'asm'],
    ['a release after the group moved', {}, 'asm', '9.1', 'org.ow2.asm'],
    ['an old release of Groovy', {}, 'groovy-all', '2.4.21', 'org.codehaus.groovy'],
    [
      'the bundle name that ends with the artifact',
      told({ 'Bundle-SymbolicName': 'org.x.util.tool' }),
      'tool',
      '1.0',
      'org.x.util',
    ],
    [
      'a full vendor id',
      told({ 'Implementation-Vendor-Id': 'com.example.tools' }, 'com/other/x'),
      'tool',
      '1.0',
      'com.example.tools',
    ],
    [
      'its classes, not the domain of its vendor',
      told({ 'Implementation-Vendor-Id': 'org.apache' }, 'org/apache/thing'),
      'thing-core',
      '1.0',
      'org.apache.thing',
    ],
    ['its classes', { classDirectory: 'io/example/api' }, 'api-core', '1.0', 'io.example'],
    ['the artifact itself, when nothing tells', { classDirectory: 'thing' }, 'thing', '1.0', 'thing'],
    ['no group without a version', {}, 'thing', '', ''],
  ])('is that of %s', (_, fact, artifact, version, expected) => {
    expect(guessGroup(fact, artifact, version, new Map())).toBe(expected);
  });

  it('believes the other poms of the image when they agree', () => {
    const agree = new Map([['tool', new Set(['org.right'])]]);
    const differ = new Map([['tool', new Set(['org.right', 'org.other'])]]);
    expect(guessGroup({ classDirectory: 'org/wrong/x' }, 'tool', '1.0', agree)).toBe('org.right');
    expect(guessGroup({ classDirectory: 'org/wrong/x' }, 'tool', '1.0', differ)).toBe('org.wrong');
  });

  it('collects groups from poms at every depth', () => {
    const inner = { poms: [{ path: '', groupId: 'g', artifactId: 'a', version: '1' }], pomXmls: [], nested: [] };
    const outer = { poms: [], pomXmls: [{ mentions: ['h:b'] }], nested: [inner] };
    expect([...groupMentions([outer as unknown as ArchiveFact])].map(([a, groups]) => [a, ...groups])).toEqual([
      ['b', 'h'],
      ['a', 'g'],
    ]);
  });
});

describe('groups of archives without a pom', () => {
  const manifest = { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\r\n\r\n' };

  it('come from what the application around them depends on, and from their classes', () => {
    const pom = `<project><groupId>g</groupId><artifactId>app</artifactId><version>1</version><dependencies>
      <dependency><groupId>com.example</groupId><artifactId>odd</artifactId><scope>provided</scope></dependency></dependencies></project>`;
    const app = buildZip([
      manifest,
      { name: 'META-INF/maven/g/app/pom.xml', content: pom },
      { name: 'BOOT-INF/lib/odd-1.0.jar', content: buildZip([manifest, { name: 'org/odd/A.class', content: '' }]) },
      { name: 'BOOT-INF/lib/web-2.0.jar', content: buildZip([manifest, { name: 'io/site/web/A.class', content: '' }]) },
    ]);
    expect(analyzeFiles(javaAnalyzer, { '/app-1.jar': app }).packages.map(({ purl }) => purl)).toEqual([
      'pkg:maven/g/app@1',
      'pkg:maven/com.example/odd@1.0',
      'pkg:maven/io.site/web@2.0',
    ]);
  });
});
