/** An entry for `buildTar`. */
export interface TarSource {
  name: string | Uint8Array;
  /** Type flag; default `0`, a file. */
  flag?: string;
  link?: string;
  mode?: number;
  content?: string | Uint8Array;
  /** Size in the header, when it is to differ from the content's. */
  size?: number;
  prefix?: string;
  deviceMajor?: number;
  deviceMinor?: number;
  /** Changes the finished header; the checksum is set afterwards. */
  edit?(header: Uint8Array): void;
}

/** Writes a ustar archive for tests: exactly what is asked for, however wrong, with end blocks unless told otherwise. */
export function buildTar(entries: readonly TarSource[], endBlocks = 2): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    parts.push(header(entry, content.length), content, new Uint8Array((512 - (content.length % 512)) % 512));
  }
  parts.push(new Uint8Array(512 * endBlocks));
  return Buffer.concat(parts);
}

/** A PAX extended header (`x`, or `g` for all that follows). */
export function paxEntry(records: readonly (readonly [string, string])[], flag = 'x'): TarSource {
  const lines = records.map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + 1;
    while (length !== rest + String(length).length) length = rest + String(length).length;
    return `${length} ${key}=${value}\n`;
  });
  return { name: 'PaxHeader', flag, content: lines.join('') };
}

function header(entry: TarSource, length: number): Uint8Array {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, width: number): void => {
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  };
  Buffer.from(entry.name).copy(block, 0, 0, 100);
  octal(entry.mode ?? 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.size ?? length, 124, 12);
  octal(0, 136, 12);
  block.write(entry.flag ?? '0', 156, 'latin1');
  block.write(entry.link ?? '', 157, 100, 'utf8');
  block.write('ustar\u000000', 257, 'latin1');
  octal(entry.deviceMajor ?? 0, 329, 8);
  octal(entry.deviceMinor ?? 0, 337, 8);
  block.write(entry.prefix ?? '', 345, 155, 'utf8');
  entry.edit?.(block);
  block.fill(' ', 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  block[155] = 0x20;
  return block;
}
