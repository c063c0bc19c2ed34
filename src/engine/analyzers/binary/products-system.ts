import { after, type Product } from './product.ts';

/** A version that stands alone between zero bytes. */
function alone(version: string): RegExp {
  return new RegExp(`^\\0(?<version>${version})\\0`);
}

/** Programs of an operating system that images also carry without their packages. */
export const SYSTEM_PRODUCTS: readonly Product[] = [
  {
    name: 'util-linux',
    file: /^(mount|su|fdisk|lsblk|agetty|runuser|unshare|chfn)$/,
    signatures: [{ anchor: 'util-linux ', pattern: after('^util-linux ') }],
    cpes: [['kernel', 'util-linux']],
  },
  {
    name: 'bind',
    file: /^named$/,
    signatures: [{ anchor: 'BIND 9.', pattern: /^BIND (?<version>9\.\d+\.\d+(?:-S\d+|-P\d+)?)/ }],
    cpes: [['isc', 'bind']],
  },
  {
    name: 'rsyslog',
    file: /^rsyslogd$/,
    signatures: [{ anchor: 'This is rsyslog version ', pattern: after('^This is rsyslog version ') }],
    cpes: [['rsyslog', 'rsyslog']],
  },
  {
    name: 'qemu',
    file: /^qemu-(?:system-)?(?:x86_64|i386|aarch64|arm|ppc64(?:le)?|s390x|riscv64)(?:-static|-microvm)?$/,
    signatures: [
      { anchor: 'QEMU emulator version ', pattern: after('^QEMU emulator version ') },
      { anchor: 'qemu-', pattern: after('^qemu-\\w+ version ') },
    ],
    cpes: [['qemu', 'qemu']],
  },
  {
    name: 'tcpdump',
    file: /^tcpdump$/,
    signatures: [{ anchor: '%s version ', pattern: after('^%s version ') }],
    cpes: [['tcpdump', 'tcpdump']],
  },
  {
    name: 'nmap',
    file: /^nmap$/,
    signatures: [{ anchor: '\x007.', pattern: alone('7\\.\\d{2}') }],
    cpes: [['nmap', 'nmap']],
  },
  {
    name: 'gnupg',
    file: /^gpg2?$/,
    signatures: [
      { anchor: "GNU Privacy Guard's OpenPGP server ", pattern: after("^GNU Privacy Guard's OpenPGP server ") },
    ],
    cpes: [['gnupg', 'gnupg']],
  },
  {
    name: 'imagemagick',
    file: /^(magick|convert|identify|libMagickCore-[\w.]+\.so[.\d]*)$/,
    signatures: [{ anchor: 'ImageMagick ', pattern: /^ImageMagick (?<version>\d+\.\d+\.\d+-\d+) / }],
    cpes: [['imagemagick', 'imagemagick']],
  },
  {
    name: 'rsync',
    file: /^rsync$/,
    signatures: [{ anchor: '\x003.', pattern: alone('3\\.\\d\\.\\d{1,2}(?:pre\\d+)?') }],
    cpes: [['samba', 'rsync']],
  },
  {
    name: 'wget',
    file: /^wget$/,
    signatures: [{ anchor: '\x001.', pattern: alone('1\\.\\d{2}(?:\\.\\d{1,2})?') }],
    cpes: [['gnu', 'wget']],
  },
  {
    name: 'tar',
    file: /^tar$/,
    signatures: [{ anchor: '\x001.', pattern: alone('1\\.\\d{2}(?:\\.\\d{1,2})?') }],
    cpes: [['gnu', 'tar']],
  },
];
