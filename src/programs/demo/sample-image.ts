import { goProgram } from './go-program.ts';
import { writeOciArchive } from './oci-archive.ts';
import type { TarFile } from './tar-writer.ts';
import { writeZip } from './zip-writer.ts';

/** Tag of the sample image. */
export const SAMPLE_TAG = 'demo.windlass.local/shop:1.0';

/** The sample image as an OCI archive: a Debian 12 base and an application with well-known flaws and bad habits. */
export function sampleImage(): Buffer {
  return writeOciArchive({
    tag: SAMPLE_TAG,
    created: '2023-09-01T00:00:00Z',
    layers: [
      { createdBy: '/bin/sh -c #(nop) ADD file:rootfs.tar in / ', files: withFolders(baseFiles()) },
      { createdBy: '/bin/sh -c #(nop) COPY dir:app in /app ', files: withFolders(appFiles()) },
      { createdBy: '/bin/sh -c chmod 4755 /usr/local/bin/maintenance', files: withFolders(habitFiles()) },
    ],
    emptySteps: ['/bin/sh -c #(nop)  EXPOSE 8080', '/bin/sh -c #(nop)  CMD ["node" "/app/server.js"]'],
    config: {
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Cmd: ['node', '/app/server.js'],
      WorkingDir: '/app',
      ExposedPorts: { '8080/tcp': {} },
    },
  });
}

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`;

/** Binary package, version, source when it differs. */
const DEBIAN: readonly (readonly [name: string, version: string, source?: string])[] = [
  ['base-files', '12.4'],
  ['bash', '5.2.15-2'],
  ['curl', '7.88.1-10'],
  ['libcurl4', '7.88.1-10', 'curl'],
  ['libc6', '2.36-9', 'glibc'],
  ['libc-bin', '2.36-9', 'glibc'],
  ['libexpat1', '2.5.0-1', 'expat'],
  ['libgnutls30', '3.7.9-2', 'gnutls28'],
  ['libgssapi-krb5-2', '1.20.1-2', 'krb5'],
  ['libnghttp2-14', '1.52.0-1', 'nghttp2'],
  ['libssl3', '3.0.9-1', 'openssl'],
  ['libwebp7', '1.2.4-0.2', 'libwebp'],
  ['openssl', '3.0.9-1'],
  ['perl-base', '5.36.0-7', 'perl'],
  ['zlib1g', '1:1.2.13.dfsg-1', 'zlib'],
];

function baseFiles(): TarFile[] {
  const status = DEBIAN.map(([name, version, source]) =>
    [
      `Package: ${name}`,
      'Status: install ok installed',
      'Priority: optional',
      'Section: libs',
      'Installed-Size: 100',
      'Maintainer: Sample <sample@windlass.local>',
      'Architecture: amd64',
      ...(source === undefined ? [] : [`Source: ${source}`]),
      `Version: ${version}`,
      'Description: sample entry',
    ].join('\n'),
  );
  return [
    { path: 'usr/lib/os-release', content: OS_RELEASE },
    { path: 'etc/os-release', link: '../usr/lib/os-release', mode: 0o777 },
    { path: 'etc/debian_version', content: '12.1\n' },
    {
      path: 'etc/passwd',
      content: 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
    },
    { path: 'var/lib/dpkg/status', content: `${status.join('\n\n')}\n` },
    ...DEBIAN.map(([name]) => ({ path: `var/lib/dpkg/info/${name}.list`, content: `/.\n/usr/share/doc/${name}\n` })),
  ];
}

const NPM: Readonly<Record<string, string>> = {
  express: '4.17.1',
  lodash: '4.17.15',
  minimist: '1.2.5',
  axios: '0.21.0',
  'node-fetch': '2.6.1',
  qs: '6.7.0',
  cookie: '0.4.0',
  'body-parser': '1.19.0',
};

const PYTHON: Readonly<Record<string, string>> = {
  requests: '2.28.1',
  urllib3: '1.26.12',
  Jinja2: '3.1.2',
  PyYAML: '5.3',
  certifi: '2022.9.24',
};

const GATEWAY = {
  goVersion: 'go1.19.7',
  main: 'demo.windlass.local/gateway',
  modules: { 'golang.org/x/crypto': 'v0.14.0', 'golang.org/x/net': 'v0.16.0', 'google.golang.org/protobuf': 'v1.31.0' },
};

function appFiles(): TarFile[] {
  const dependencies = Object.fromEntries(Object.entries(NPM).map(([name, version]) => [name, `^${version}`]));
  const packages = 'usr/local/lib/python3.11/site-packages';
  return [
    {
      path: 'app/package.json',
      content: JSON.stringify({ name: 'shop', version: '1.0.0', license: 'MIT', dependencies }),
    },
    { path: 'app/server.js', content: "require('express')().listen(8080);\n" },
    ...Object.entries(NPM).map(([name, version]) => ({
      path: `app/node_modules/${name}/package.json`,
      content: JSON.stringify({ name, version, license: 'MIT' }),
    })),
    ...Object.entries(PYTHON).map(([name, version]) => ({
      path: `${packages}/${name.replaceAll('-', '_')}-${version}.dist-info/METADATA`,
      content: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n`,
    })),
    { path: 'app/reports.jar', content: reportsJar() },
    { path: 'app/bin/gateway', content: goProgram(GATEWAY), mode: 0o755 },
    {
      path: 'usr/local/bundle/specifications/rack-2.2.3.gemspec',
      content:
        'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.3"\n  s.licenses = ["MIT".freeze]\nend\n',
    },
  ];
}

/** A program in one archive, with its libraries inside. */
function reportsJar(): Buffer {
  return writeZip({
    'META-INF/MANIFEST.MF':
      'Manifest-Version: 1.0\r\nImplementation-Title: reports\r\nImplementation-Version: 1.0.0\r\n\r\n',
    'META-INF/maven/local.windlass.demo/reports/pom.properties': pomProperties(
      'local.windlass.demo',
      'reports',
      '1.0.0',
    ),
    'BOOT-INF/lib/log4j-core-2.14.1.jar': library('org.apache.logging.log4j', 'log4j-core', '2.14.1'),
    'BOOT-INF/lib/commons-text-1.9.jar': library('org.apache.commons', 'commons-text', '1.9'),
    'BOOT-INF/lib/snakeyaml-1.33.jar': library('org.yaml', 'snakeyaml', '1.33'),
  });
}

function library(group: string, artifact: string, version: string): Buffer {
  return writeZip({
    'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n',
    [`META-INF/maven/${group}/${artifact}/pom.properties`]: pomProperties(group, artifact, version),
  });
}

function pomProperties(group: string, artifact: string, version: string): string {
  return `groupId=${group}\nartifactId=${artifact}\nversion=${version}\n`;
}

/** The key is the one of Amazon's own documentation: it opens nothing. */
function habitFiles(): TarFile[] {
  const key = ['AKIAIOSFODNN7', 'EXAMPLE'].join('');
  return [
    { path: 'usr/local/bin/maintenance', content: '#!/bin/sh\nexec /bin/bash "$@"\n', mode: 0o4755 },
    { path: 'app/.env', content: `AWS_ACCESS_KEY_ID=${key}\n`, mode: 0o600 },
  ];
}

/** Puts every parent folder before its first file. */
function withFolders(files: readonly TarFile[]): TarFile[] {
  const made = new Set<string>();
  return files.flatMap((file) => {
    const folders: TarFile[] = [];
    const parts = file.path.split('/').slice(0, -1);
    for (let i = 1; i <= parts.length; i += 1) {
      const path = parts.slice(0, i).join('/');
      if (made.has(path)) continue;
      made.add(path);
      folders.push({ path, type: 'directory' });
    }
    return [...folders, file];
  });
}
