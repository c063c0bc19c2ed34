import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../../test/builders/memory-image.ts';
import { distroAnalyzer } from '../distro/index.ts';
import { apkAnalyzer } from './index.ts';
import { parseInstalled } from './parse.ts';

const RECORDS = `C:Q1lKZ7uqDOkSBkIpDkEtMHt4sVfHE=
P:musl
V:1.2.4-r2
A:x86_64
S:383459
I:622592
T:the musl c library (libc) implementation
L:MIT
o:musl
m:Someone <a@example.org>
t:1695300912
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q17yJ3JFNypA4mxhJJr0ou6CzsJVI=
R:libc.musl-x86_64.so.1
a:0:0:777
Z:Q1F7DAXw6kmeAJSrWzF6EUSqMgOMk=

P:libcrypto3
V:3.1.4-r1
A:x86_64
L:Apache-2.0
o:openssl
D:so:libc.musl-x86_64.so.1 !conflict
F:
R:top-level
F:etc/ssl
M:0:0:755
R:openssl.cnf
Z:Q2AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=`;

describe('installed', () => {
  it('reads records, also without a last newline', () => {
    const { entries, incomplete } = parseInstalled(RECORDS);
    expect(incomplete).toBe(0);
    expect(entries.map(({ name, version }) => [name, version])).toEqual([
      ['musl', '1.2.4-r2'],
      ['libcrypto3', '3.1.4-r1'],
    ]);
    expect(entries[0]?.files[0]).toEqual({
      path: 'lib/ld-musl-x86_64.so.1',
      uid: '0',
      gid: '0',
      mode: '0755',
      digest: 'sha1:ef2277245372a40e26c61249af4a2ee82cec2552',
    });
    expect(entries[1]?.files.map(({ path, digest }) => [path, digest?.slice(0, 12)])).toEqual([
      ['top-level', undefined],
      ['etc/ssl/openssl.cnf', 'sha256:00010'],
    ]);
  });

  it('counts records without a version and skips noise', () => {
    expect(parseInstalled('P:a\n\nnoise\nP:b\nV:1\n\n')).toMatchObject({ entries: [{ name: 'b' }], incomplete: 1 });
  });
});

describe('packages', () => {
  const evidence = runAnalyzers([distroAnalyzer, apkAnalyzer], {
    '/etc/os-release': 'ID=alpine\nVERSION_ID=3.18.4\n',
    '/lib/apk/db/installed': RECORDS,
    '/usr/lib/apk/db/installed': RECORDS,
  });

  it('counts the two places of one root once', () => expect(evidence.packages).toHaveLength(2));

  it('gives origin, purl, edges and files', () => {
    const [crypto, musl] = evidence.packages;
    expect(crypto).toMatchObject({
      purl: 'pkg:apk/alpine/libcrypto3@3.1.4-r1?arch=x86_64&distro=alpine-3.18.4&upstream=openssl',
      upstreams: [{ name: 'openssl' }],
      files: [{ path: '/top-level' }, { path: '/etc/ssl/openssl.cnf' }],
    });
    expect(crypto?.cpes[0]).toBe('cpe:2.3:a:openssl:openssl:3.1.4:*:*:*:*:*:*:*');
    expect(evidence.relationships).toEqual([{ from: musl?.id, to: crypto?.id, type: 'dependency-of' }]);
  });
});
