import { after, type Product } from './product.ts';

/** `libname.so`, with the hash that wheels add (`libname-1a2b3c4d.so.1`) and with any number behind. */
function library(names: string): RegExp {
  return new RegExp(`^lib(?:${names})[-.\\d]*(?:-[\\da-f]{8,})?\\.(?:so|dylib)[.\\d]*$`);
}

/** Libraries that come along with programs and language packages. */
export const LIBRARY_PRODUCTS: readonly Product[] = [
  {
    name: 'sqlite',
    file: new RegExp(`^sqlite3$|${library('sqlite3').source}`),
    signatures: [{ anchor: '\x003.', pattern: /^\0(?<version>3\.\d{1,2}\.\d{1,2})\0/ }],
    cpes: [['sqlite', 'sqlite']],
  },
  {
    name: 'expat',
    file: library('expat'),
    signatures: [{ anchor: 'expat_', pattern: /^expat_(?<version>\d+\.\d+\.\d+)\0/ }],
    cpes: [['libexpat_project', 'libexpat']],
  },
  {
    name: 'libpng',
    file: library('png\\d*'),
    signatures: [{ anchor: 'libpng version ', pattern: after('^libpng version ') }],
    cpes: [['libpng', 'libpng']],
  },
  {
    name: 'zlib',
    file: library('z'),
    signatures: [{ anchor: ' deflate 1.', pattern: /^ deflate (?<version>1(?:\.\d+)+) Copyright/ }],
    cpes: [['zlib', 'zlib']],
  },
  {
    name: 'mbedtls',
    file: library('mbed(?:tls|crypto|x509)'),
    signatures: ['mbed TLS ', 'Mbed TLS '].map((anchor) => ({ anchor, pattern: after('^[mM]bed TLS ') })),
    cpes: [
      ['arm', 'mbed_tls'],
      ['trustedfirmware', 'mbed_tls'],
    ],
  },
  {
    name: 'lz4',
    file: library('lz4'),
    // Its version is the first text of its data.
    signatures: [{ anchor: '1.', pattern: /^(?<version>1\.\d{1,2}\.\d{1,2})\0\0/ }],
    cpes: [['lz4_project', 'lz4']],
  },
  {
    name: 'gnutls',
    file: library('gnutls'),
    signatures: [{ anchor: 'Enabled GnuTLS ', pattern: after('^Enabled GnuTLS ') }],
    cpes: [['gnu', 'gnutls']],
  },
  {
    name: 'libssh2',
    file: library('ssh2'),
    signatures: [{ anchor: 'SSH-2.0-libssh2_', pattern: after('^SSH-2\\.0-libssh2_') }],
    cpes: [['libssh2', 'libssh2']],
  },
  {
    name: 'libssh',
    file: library('ssh'),
    signatures: [{ anchor: 'SSH-2.0-libssh_', pattern: after('^SSH-2\\.0-libssh_') }],
    cpes: [['libssh', 'libssh']],
  },
  {
    name: 'nghttp2',
    file: library('nghttp2'),
    // Its version follows other data without a gap.
    signatures: [{ anchor: '\0\0', before: 10, pattern: /[^\d.](?<version>1\.\d{1,3}\.\d{1,3})\0\0/ }],
    cpes: [['nghttp2', 'nghttp2']],
  },
  {
    name: 'libtiff',
    file: library('tiff'),
    signatures: [{ anchor: 'LIBTIFF, Version ', pattern: after('^LIBTIFF, Version ') }],
    cpes: [['libtiff', 'libtiff']],
  },
  {
    name: 'libjpeg-turbo',
    file: library('(?:turbo)?jpeg'),
    signatures: [{ anchor: 'libjpeg-turbo version ', pattern: after('^libjpeg-turbo version ') }],
    cpes: [['libjpeg-turbo', 'libjpeg-turbo']],
  },
  {
    name: 'libarchive',
    file: library('archive'),
    signatures: [{ anchor: 'libarchive ', pattern: /^libarchive (?<version>\d+\.\d+\.\d+)\0/ }],
    cpes: [['libarchive', 'libarchive']],
  },
  {
    name: 'musl',
    file: /^(ld-musl-[\w.]+\.so\.1|libc\.so)$/,
    signatures: [{ anchor: '/proc/self/fd/\0', pattern: /^\/proc\/self\/fd\/\0(?<version>1\.\d\.\d{1,2})\0/ }],
    cpes: [['musl-libc', 'musl']],
  },
  {
    name: 'glibc',
    file: /^libc(-2\.\d+)?\.so(\.6)?$/,
    signatures: [{ anchor: ' release version ', pattern: /^ release version (?<version>2\.\d+(?:\.\d+)?)[.,\s]/ }],
    cpes: [['gnu', 'glibc']],
  },
  {
    name: 'wolfssl',
    file: library('wolfssl'),
    signatures: [{ anchor: 'wolfSSL ', pattern: after('^wolfSSL ') }],
    cpes: [['wolfssl', 'wolfssl']],
  },
  {
    name: 'libpcap',
    file: library('pcap'),
    signatures: [{ anchor: 'libpcap version ', pattern: after('^libpcap version ') }],
    cpes: [['tcpdump', 'libpcap']],
  },
  {
    name: 'libgcrypt',
    file: library('gcrypt'),
    signatures: [{ anchor: 'This is Libgcrypt ', pattern: after('^This is Libgcrypt ') }],
    cpes: [['gnupg', 'libgcrypt']],
  },
  {
    name: 'nss',
    file: library('nss3'),
    signatures: [{ anchor: 'Version: NSS ', pattern: after('^Version: NSS ') }],
    cpes: [['mozilla', 'nss']],
  },
  {
    name: 'qtbase',
    file: /^libQt\d?Core(_[\w]+)?\.so[.\d]*$/,
    signatures: [{ anchor: 'Qt ', pattern: /^Qt (?<version>\d+\.\d+\.\d+) \(/ }],
    cpes: [
      ['qt', 'qt'],
      ['qt', 'qtbase'],
    ],
  },
];
