/** What the assembly of a test file says. */
export interface TestAssembly {
  name: string;
  version?: [number, number, number, number];
  culture?: string;
  /** Attributes with one text, by full name of the type. */
  attributes?: Record<string, string>;
  references?: string[];
}

const SECTION_ADDRESS = 0x2000;
const SECTION_OFFSET = 0x200;

/** Writes a PE32 library; with an assembly it has the CLI header and metadata of one, else it is native. */
export function buildPe(assembly?: TestAssembly): Buffer {
  const metadata = assembly ? buildMetadata(assembly) : Buffer.alloc(0);
  const body = Buffer.concat([Buffer.alloc(72), metadata]);
  body.writeUInt32LE(72, 0);
  body.writeUInt32LE(SECTION_ADDRESS + 72, 8);
  body.writeUInt32LE(metadata.length, 12);
  const head = Buffer.alloc(SECTION_OFFSET);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(0x80, 60);
  head.write('PE\0\0', 0x80, 'latin1');
  head.writeUInt16LE(0x14c, 0x84);
  head.writeUInt16LE(1, 0x86);
  head.writeUInt16LE(224, 0x94);
  head.writeUInt16LE(0x2002, 0x96);
  const optional = 0x98;
  head.writeUInt16LE(0x10b, optional);
  head.writeUInt32LE(0x400000, optional + 28);
  head.writeUInt32LE(16, optional + 92);
  if (assembly) {
    head.writeUInt32LE(SECTION_ADDRESS, optional + 96 + 14 * 8);
    head.writeUInt32LE(72, optional + 96 + 14 * 8 + 4);
  }
  const section = optional + 224;
  head.write('.text', section, 'latin1');
  head.writeUInt32LE(body.length, section + 8);
  head.writeUInt32LE(SECTION_ADDRESS, section + 12);
  head.writeUInt32LE(body.length, section + 16);
  head.writeUInt32LE(SECTION_OFFSET, section + 20);
  return Buffer.concat([head, body]);
}

function buildMetadata({
  name,
  version = [1, 0, 0, 0],
  culture = '',
  attributes = {},
  references = [],
}: TestAssembly): Buffer {
  let strings = Buffer.from([0]);
  let blobs = Buffer.from([0]);
  const string = (text: string): number => {
    if (text === '') return 0;
    const at = strings.length;
    strings = Buffer.concat([strings, Buffer.from(`${text}\0`)]);
    return at;
  };
  const blob = (bytes: Buffer): number => {
    const at = blobs.length;
    blobs = Buffer.concat([blobs, Buffer.from([0x80 | (bytes.length >> 8), bytes.length & 0xff]), bytes]);
    return at;
  };
  const row = (...columns: [bytes: 2 | 4, value: number][]): Buffer =>
    Buffer.concat(
      columns.map(([bytes, value]) => {
        const column = Buffer.alloc(bytes);
        column.writeUIntLE(value, 0, bytes);
        return column;
      }),
    );
  const stated = Object.entries(attributes);
  const tables: [number, Buffer[]][] = [
    [0x00, [row([2, 0], [2, string(`${name}.dll`)], [2, 0], [2, 0], [2, 0])]],
    [0x01, stated.map(([type]) => row([2, 0], [2, string(type)], [2, 0]))],
    [0x0a, stated.map((_, i) => row([2, ((i + 1) << 3) | 1], [2, string('.ctor')], [2, 0]))],
    [
      0x0c,
      stated.map(([, text], i) => {
        const value = Buffer.from(text);
        const size = value.length < 0x80 ? [value.length] : [0x80 | (value.length >> 8), value.length & 0xff];
        const bytes = Buffer.concat([Buffer.from([1, 0, ...size]), value, Buffer.from([0, 0])]);
        return row([2, (1 << 5) | 14], [2, ((i + 1) << 3) | 3], [2, blob(bytes)]);
      }),
    ],
    [
      0x20,
      [
        row(
          [4, 0x8004],
          ...version.map((one): [2, number] => [2, one]),
          [4, 0],
          [2, 0],
          [2, string(name)],
          [2, string(culture)],
        ),
      ],
    ],
    [
      0x23,
      references.map((one) => row([2, 1], [2, 0], [2, 0], [2, 0], [4, 0], [2, 0], [2, string(one)], [2, 0], [2, 0])),
    ],
  ];
  const present = tables.filter(([, rows]) => rows.length > 0);
  const header = Buffer.alloc(24 + present.length * 4);
  header.writeBigUInt64LE(
    present.reduce((mask, [table]) => mask | (1n << BigInt(table)), 0n),
    8,
  );
  for (const [i, [, rows]] of present.entries()) header.writeUInt32LE(rows.length, 24 + i * 4);
  return joinStreams({
    '#~': Buffer.concat([header, ...present.flatMap(([, rows]) => rows)]),
    '#Strings': strings,
    '#Blob': blobs,
  });
}

function joinStreams(streams: Record<string, Buffer>): Buffer {
  const entries = Object.entries(streams);
  const headers = entries.map(([name]) => Buffer.alloc(8 + Math.ceil((name.length + 1) / 4) * 4));
  const root = Buffer.alloc(16 + 12 + 4);
  root.write('BSJB', 0, 'latin1');
  root.writeUInt32LE(12, 12);
  root.write('v4.0.30319', 16, 'latin1');
  root.writeUInt16LE(entries.length, 30);
  let at = root.length + headers.reduce((sum, one) => sum + one.length, 0);
  for (const [i, [name, bytes]] of entries.entries()) {
    headers[i]?.writeUInt32LE(at, 0);
    headers[i]?.writeUInt32LE(bytes.length, 4);
    headers[i]?.write(name, 8, 'latin1');
    at += bytes.length;
  }
  return Buffer.concat([root, ...headers, ...entries.map(([, bytes]) => bytes)]);
}
