import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';

/** A package with sensible defaults. */
export function buildPackage(overrides: Partial<Package> & Pick<Package, 'id' | 'name' | 'version' | 'type'>): Package {
  return {
    cpes: [],
    licenses: [],
    locations: [{ path: `/${overrides.name}`, evidence: 'primary' }],
    upstreams: [],
    foundBy: 'test',
    confidence: 'declared',
    metadata: {},
    ...overrides,
  };
}

/** A small image of Debian 12 with OS and language packages, one dependency and one ownership. */
export function buildAnalysis(overrides: Partial<Analysis> = {}): Analysis {
  const distro = { id: 'debian', versionId: '12', idLike: [], evidence: '/usr/lib/os-release' };
  return {
    schema: 1,
    analyzerVersion: '1',
    source: { kind: 'image', name: 'registry.example.com/app:1' },
    image: {
      manifestDigest: `sha256:${'a'.repeat(64)}`,
      imageId: `sha256:${'b'.repeat(64)}`,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      os: 'linux',
      architecture: 'amd64',
      created: '2025-01-01T00:00:00Z',
      size: 1000,
      config: {},
      history: [],
      labels: {},
    },
    layers: [],
    distro,
    packages: [
      buildPackage({
        id: '1111111111111111',
        type: 'deb',
        name: 'libssl3',
        version: '3.0.11-1~deb12u2',
        arch: 'amd64',
        distro,
        purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl%403.0.11-1~deb12u2',
        upstreams: [{ name: 'openssl', version: '3.0.11-1~deb12u2' }],
        licenses: [{ value: 'Apache-2.0', spdxExpression: 'Apache-2.0' }, { value: 'some odd text' }],
        origin: 'Debian OpenSSL Team <team@example.org>',
        metadataType: 'dpkg-db-entry',
        metadata: { source: 'openssl', sourceVersion: '3.0.11-1~deb12u2', architecture: 'amd64' },
      }),
      buildPackage({
        id: '2222222222222222',
        type: 'npm',
        name: '@scope/lib',
        version: '1.2.3',
        purl: 'pkg:npm/%40scope/lib@1.2.3',
        cpes: ['cpe:2.3:a:scope:lib:1.2.3:*:*:*:*:node.js:*:*'],
        licenses: [{ value: 'MIT OR Apache-2.0', spdxExpression: 'MIT OR Apache-2.0' }],
      }),
      buildPackage({ id: '3333333333333333', type: 'npm', name: 'app', version: '0.1.0', purl: 'pkg:npm/app@0.1.0' }),
      buildPackage({
        id: '4444444444444444',
        type: 'java-archive',
        name: 'spring-core',
        version: '5.3.1',
        purl: 'pkg:maven/org.springframework/spring-core@5.3.1',
        metadata: { pomProperties: { groupId: 'org.springframework', artifactId: 'spring-core', version: '5.3.1' } },
      }),
      buildPackage({
        id: '5555555555555555',
        type: 'go-module',
        name: 'github.com/owner/mod',
        version: 'v1.0.0',
        purl: 'pkg:golang/github.com/owner/mod@v1.0.0',
      }),
    ],
    relationships: [{ from: '2222222222222222', to: '3333333333333333', type: 'dependency-of' }],
    problems: [],
    ...overrides,
  };
}
