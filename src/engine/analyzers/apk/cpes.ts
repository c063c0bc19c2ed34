import { formatCpe } from '../cpe-name.ts';
import type { ApkEntry } from './parse.ts';

/** NVD vendors of frequent packages whose vendor is not their name. */
const VENDORS: Readonly<Record<string, [vendor: string, product?: string][]>> = {
  apr: [['apache', 'portable_runtime']],
  apache2: [['apache', 'http_server']],
  bash: [['gnu']],
  bind: [['isc']],
  binutils: [['gnu']],
  bzip2: [['bzip']],
  'ca-certificates': [['mozilla', 'ca-certificates']],
  coreutils: [['gnu']],
  curl: [['haxx']],
  cyrus: [['cyrusimap', 'cyrus-sasl']],
  expat: [['libexpat_project', 'libexpat']],
  ffmpeg: [['ffmpeg']],
  freetype: [['freetype']],
  gcc: [['gnu']],
  git: [['git-scm'], ['git']],
  glib: [['gnome']],
  gnupg: [['gnupg']],
  gnutls: [['gnu']],
  go: [['golang']],
  icu: [['icu-project', 'international_components_for_unicode']],
  krb5: [['mit', 'kerberos_5']],
  libarchive: [['libarchive']],
  libgcrypt: [['gnupg']],
  libjpeg: [['ijg']],
  'libjpeg-turbo': [['libjpeg-turbo']],
  libpng: [['libpng']],
  libssh2: [['libssh2']],
  libtasn1: [['gnu']],
  libxml2: [['xmlsoft']],
  libxslt: [['xmlsoft']],
  mariadb: [['mariadb']],
  musl: [['musl-libc']],
  ncurses: [['gnu']],
  nghttp2: [['nghttp2']],
  nginx: [['f5'], ['nginx']],
  nodejs: [['nodejs', 'node.js']],
  openjdk8: [['oracle', 'openjdk']],
  openjdk11: [['oracle', 'openjdk']],
  openjdk17: [['oracle', 'openjdk']],
  openldap: [['openldap']],
  openssh: [['openbsd']],
  openssl: [['openssl']],
  openssl3: [['openssl', 'openssl']],
  pcre2: [['pcre']],
  perl: [['perl']],
  php: [['php']],
  postgresql: [['postgresql']],
  python3: [
    ['python', 'python'],
    ['python_software_foundation', 'python'],
  ],
  readline: [['gnu']],
  redis: [['redis'], ['redislabs']],
  ruby: [['ruby-lang']],
  samba: [['samba']],
  sqlite: [['sqlite']],
  sudo: [['sudo_project']],
  tar: [['gnu']],
  tiff: [['libtiff', 'libtiff']],
  unzip: [['unzip_project']],
  'util-linux': [['kernel']],
  vim: [['vim']],
  wget: [['gnu']],
  xz: [['tukaani']],
  zlib: [['zlib']],
  zstd: [['facebook', 'zstandard']],
};

/**
 * CPE names to search for an apk package: those of its origin and of its own name, known vendors first. Alpine's own
 * data does not list every flaw, so a search of the NVD completes it; `-rN` is Alpine's build number and is cut off.
 */
export function apkCpes(entry: ApkEntry): string[] {
  const version = entry.version.replace(/-r\d+$/, '');
  const cpes = new Set<string>();
  for (const name of new Set([entry.origin ?? entry.name, entry.name])) {
    const base = name
      .toLowerCase()
      .replace(/^(openjdk\d+|php|postgresql|nodejs|python3|ruby).*$/, '$1')
      .replace(/^php\d+$/, 'php');
    for (const [vendor, product] of VENDORS[base] ?? [])
      cpes.add(formatCpe({ vendor, product: product ?? base, version }));
    const python = /^py3?-(.+)$/.exec(name);
    if (python) cpes.add(formatCpe({ vendor: `python-${python[1]}`, product: python[1] as string, version }));
    cpes.add(formatCpe({ vendor: name, product: name, version }));
  }
  return [...cpes];
}
