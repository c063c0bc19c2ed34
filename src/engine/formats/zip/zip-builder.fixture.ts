import { crc32, deflateRawSync } from 'node:zlib';

/** One file to put into a test archive. */
export interface ZipFile {
  name: string;
  content: Uint8Array | string;
  stored?: boolean;
  encrypted?: boolean;
  /** Size to claim instead of the real one. */
  claimedSize?: number;
}

/** Writes a ZIP archive in memory. `zip64` writes all sizes and offsets in 64-bit records. */
export function buildZip(
  files: readonly ZipFile[],
  options: { prefix?: string; comment?: string; zip64?: boolean } = {},
): Buffer {
  const prefix = Buffer.from(options.prefix ?? '');
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const content = Buffer.from(file.content as Uint8Array);
    const data = file.stored ? content : deflateRawSync(content);
    const name = Buffer.from(file.name);
    const size = file.claimedSize ?? content.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(file.encrypted ? 1 : 0, 6);
    local.writeUInt16LE(file.stored ? 0 : 8, 8);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    parts.push(local, name, data);
    const row = Buffer.alloc(46);
    row.writeUInt32LE(0x02014b50, 0);
    row.writeUInt16LE(file.encrypted ? 1 : 0, 8);
    row.writeUInt16LE(file.stored ? 0 : 8, 10);
    row.writeUInt32LE(crc32(content), 16);
    row.writeUInt32LE(options.zip64 ? 0xffffffff : data.length, 20);
    row.writeUInt32LE(options.zip64 ? 0xffffffff : size, 24);
    row.writeUInt16LE(name.length, 28);
    row.writeUInt32LE(options.zip64 ? 0xffffffff : offset, 42);
    const extra = Buffer.alloc(options.zip64 ? 28 : 0);
    if (options.zip64) {
      row.writeUInt16LE(extra.length, 30);
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [i, value] of [size, data.length, offset].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + i * 8);
    }
    central.push(row, name, extra);
    offset += local.length + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const tail: Buffer[] = [];
  if (options.zip64) {
    const end = Buffer.alloc(56);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(BigInt(directory.length), 40);
    end.writeBigUInt64LE(BigInt(offset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(offset + directory.length), 8);
    tail.push(end, locator);
  }
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64 ? 0xffff : files.length, 10);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([prefix, ...parts, directory, ...tail, end, comment]);
}
