const BLOCK = 512;

/** A file of an archive that is written. */
export interface TarFile {
  name: string;
  /** Bytes that `bytes` yields, exactly. */
  size: number;
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * A tar archive (ustar, names beyond 100 bytes as GNU long names) of these files, in this order, without times and
 * owners: equal files give equal bytes. Throws when a file yields another number of bytes than it said.
 */
export async function* tarBytes(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const file of files) {
    const name = Buffer.from(file.name);
    if (name.length > 100) {
      const long = Buffer.concat([name, Buffer.alloc(1)]);
      yield header('././@LongLink', long.length, 'L');
      yield* padded(long);
    }
    yield header(name.subarray(0, 100).toString('latin1'), file.size, '0');
    let written = 0;
    for await (const part of file.bytes) {
      written += part.length;
      yield part;
    }
    if (written !== file.size) throw new Error(`${file.name} has ${written} bytes instead of ${file.size}`);
    yield padding(file.size);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function* padded(bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes;
  yield padding(bytes.length);
}

function padding(size: number): Uint8Array {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function header(name: string, size: number, type: string): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'latin1');
  octal(block, 0o644, 100, 8);
  octal(block, 0, 108, 8);
  octal(block, 0, 116, 8);
  writeSize(block, size);
  octal(block, 0, 136, 12);
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, value: number, at: number, width: number): void {
  block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
}

/** Sizes of 8 GiB and more do not fit into octal digits: they are written as numbers of base 256. */
function writeSize(block: Buffer, size: number): void {
  if (size < 8 ** 11) {
    octal(block, size, 124, 12);
    return;
  }
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
}
