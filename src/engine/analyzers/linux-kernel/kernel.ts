import { asBuffer, type ByteSource, memorySource, pieces } from '../../formats/byte-source.ts';
import { isElf } from '../../formats/elf/index.ts';
import { packingOf, unpack } from '../../formats/unpack.ts';

/** What the image of a kernel says of itself. */
export interface KernelImage {
  kind: 'kernel';
  /** Release as `uname -r` tells it: `6.1.0-9-amd64`. */
  version: string;
  /** Release, builder and build: `6.1.0-9-amd64 (a@b) #1 SMP … Debian 6.1.27-1 (2023-05-08)`. */
  extendedVersion: string;
  format: 'bzImage' | 'Image' | 'zboot' | 'vmlinux';
  architecture?: string;
  author?: string;
  buildTime?: string;
  rwRootFS?: boolean;
}

const LARGEST_UNPACKED = 256 << 20;
/** Where a kernel says in its data what it is; the compiler may stand between builder and build. */
const BANNER =
  /^Linux version (?<release>\d+\.\d+\S{0,100}) \((?<author>[^)\n]{1,200})\) (?:\(.{1,300}\) )?(?<build>#\d[^\n\0]{1,300})/;
const RELEASE = /^(?<release>\d+\.\d+\S{0,100}) \((?<author>[^)\n]{1,200})\) (?<build>#\d[^\n]{1,300})/;

/** True for the header of a kernel that PCs boot (Linux boot protocol for x86: boot flag and `HdrS`). */
export function isBzImage(head: Uint8Array): boolean {
  const at = (offset: number) => head[offset];
  return (
    head.length > 0x240 &&
    at(0x1fe) === 0x55 &&
    at(0x1ff) === 0xaa &&
    at(0x202) === 0x48 &&
    at(0x203) === 0x64 &&
    at(0x204) === 0x72 &&
    at(0x205) === 0x53
  );
}

/** True for first bytes that may be a kernel of another kind; asked for files with the name of a kernel only. */
export function mayBeKernel(head: Uint8Array): boolean {
  const bytes = asBuffer(head);
  return (
    isElf(head) ||
    packingOf(head) !== undefined ||
    bytes.toString('latin1', 0x38, 0x3c) === 'ARM\x64' ||
    bytes.toString('latin1', 0x38, 0x3c) === 'RSC\x05' ||
    bytes.toString('latin1', 0, 8) === 'MZ\0\0zimg'
  );
}

/**
 * Reads what a kernel is from its image: the header of a bzImage, else the text that it prints first, also within
 * gzip, zstd and xz and within the EFI form that unpacks itself. Undefined when the file tells nothing.
 */
export function readKernel(source: ByteSource): KernelImage | undefined {
  const head = asBuffer(source.read(0, 4096));
  if (isBzImage(head)) return readBzImage(source, head);
  const architecture = { 'ARM\x64': 'aarch64', 'RSC\x05': 'riscv' }[head.toString('latin1', 0x38, 0x3c)];
  if (head.toString('latin1', 0, 8) === 'MZ\0\0zimg') {
    const payload = source.read(head.readUInt32LE(8), Math.min(head.readUInt32LE(12), LARGEST_UNPACKED));
    return readPacked(payload, 'zboot');
  }
  if (packingOf(head) !== undefined) return readPacked(source.read(0, source.size), undefined);
  return readBanner(source, isElf(head) ? 'vmlinux' : 'Image', architecture);
}

function readPacked(packed: Uint8Array, format: 'zboot' | undefined): KernelImage | undefined {
  if (packingOf(packed) === undefined) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = unpack(packed, LARGEST_UNPACKED);
  } catch {
    return undefined;
  }
  const mark = asBuffer(bytes).toString('latin1', 0x38, 0x3c);
  const architecture = mark === 'ARM\x64' ? 'aarch64' : mark === 'RSC\x05' ? 'riscv' : undefined;
  return readBanner(memorySource(bytes), format ?? (isElf(bytes) ? 'vmlinux' : 'Image'), architecture);
}

function readBzImage(source: ByteSource, head: Buffer): KernelImage | undefined {
  // The protocol gives the place of the text relative to the end of the boot sector (field kernel_version).
  const text = asBuffer(source.read(head.readUInt16LE(0x20e) + 0x200, 512)).toString('latin1');
  const match = RELEASE.exec(text.split('\0', 1)[0] ?? '');
  if (match === null) return undefined;
  const is64 = head.readUInt16LE(0x206) >= 0x20c && (head.readUInt16LE(0x236) & 1) === 1;
  return {
    ...described(match, 'bzImage'),
    architecture: is64 ? 'x86_64' : 'x86',
    rwRootFS: head.readUInt16LE(0x1f2) === 0,
  };
}

function readBanner(
  source: ByteSource,
  format: KernelImage['format'],
  architecture: string | undefined,
): KernelImage | undefined {
  let tries = 100;
  for (const piece of pieces(source, 0, Math.min(source.size, LARGEST_UNPACKED), 1024)) {
    for (let at = piece.indexOf('Linux version '); at >= 0 && tries > 0; at = piece.indexOf('Linux version ', at + 1)) {
      tries--;
      const match = BANNER.exec(piece.toString('latin1', at, Math.min(at + 900, piece.length)));
      if (match !== null) return { ...described(match, format), ...(architecture ? { architecture } : {}) };
    }
  }
  return undefined;
}

function described({ groups = {} }: RegExpExecArray, format: KernelImage['format']): KernelImage {
  const { release = '', author = '', build = '' } = groups;
  const time = /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*\d{4}|\d{4}-\d\d-\d\d)/.exec(build)?.[0];
  return {
    kind: 'kernel',
    version: release,
    extendedVersion: `${release} (${author}) ${build}`,
    format,
    author,
    ...(time ? { buildTime: time } : {}),
  };
}

/**
 * The release of the kernel's developers that a kernel was made from: what Debian names in the build, else the numbers that
 * its own release starts with. Distributions whose releases do not count those of the developers remain at their base.
 */
export function upstreamRelease({
  version,
  extendedVersion,
}: Pick<KernelImage, 'version' | 'extendedVersion'>): string {
  const named = /\bDebian (\d+\.\d+(?:\.\d+)?)(?:~[\w~.]+)?-/.exec(extendedVersion)?.[1];
  return named ?? /^\d+\.\d+(?:\.\d+)?(?:-rc\d+)?/.exec(version)?.[0] ?? version;
}
