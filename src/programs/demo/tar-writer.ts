/** A member of a tar archive that is kept in memory. */
export interface TarFile {
  /** Relative, at most 100 bytes. */
  path: string;
  content?: Uint8Array | string;
  /** A directory (no content), a symbolic link to this target, or else a file. */
  type?: 'file' | 'directory';
  link?: string;
  /** Default 0o644, directories 0o755. */
  mode?: number;
  uid?: number;
  gid?: number;
}

const BLOCK = 512;

/** Packs files into a tar archive (POSIX ustar). All times are zero, so that equal files give equal bytes. */
export function writeTar(files: readonly TarFile[]): Buffer {
  const blocks: Buffer[] = [];
  for (const file of files) {
    const content = Buffer.from(file.content ?? '');
    blocks.push(header(file, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, type = 'file', link, mode, uid = 0, gid = 0 }: TarFile, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const name = type === 'directory' ? `${path}/` : path;
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a tar member`);
  block.write(name, 0, 'utf8');
  octal(block, 100, 8, mode ?? (type === 'directory' ? 0o755 : 0o644));
  octal(block, 108, 8, uid);
  octal(block, 116, 8, gid);
  octal(block, 124, 12, size);
  octal(block, 136, 12, 0);
  block.write(type === 'directory' ? '5' : link === undefined ? '0' : '2', 156, 'latin1');
  block.write(link ?? '', 157, 'utf8');
  block.write('ustar\u000000', 257, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, offset: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\u0000`, offset, 'latin1');
}
