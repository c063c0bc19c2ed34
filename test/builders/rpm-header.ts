/** Value of a tag: text, list of texts, or 32-bit integers (16-bit with `short`). */
export type RpmTagValue = string | string[] | number[] | { short: number[] };

/** Builds a header blob as rpm databases store it (no magic), with a region entry in front as rpm writes it. */
export function buildRpmHeader(tags: Record<number, RpmTagValue>): Buffer {
  const entries: { tag: number; type: number; offset: number; count: number }[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, value] of Object.entries(tags)) {
    const [type, count, bytes] = encode(value);
    const width = type === 4 ? 4 : type === 3 ? 2 : 1;
    data = Buffer.concat([data, Buffer.alloc((width - (data.length % width)) % width)]);
    entries.push({ tag: Number(tag), type, offset: data.length, count });
    data = Buffer.concat([data, bytes]);
  }
  const trailer = Buffer.alloc(16);
  entries.unshift({ tag: 63, type: 7, offset: data.length, count: 16 });
  data = Buffer.concat([data, trailer]);
  const head = Buffer.alloc(8 + entries.length * 16);
  head.writeUInt32BE(entries.length, 0);
  head.writeUInt32BE(data.length, 4);
  for (const [i, entry] of entries.entries()) {
    head.writeUInt32BE(entry.tag, 8 + i * 16);
    head.writeUInt32BE(entry.type, 12 + i * 16);
    head.writeUInt32BE(entry.offset, 16 + i * 16);
    head.writeUInt32BE(entry.count, 20 + i * 16);
  }
  return Buffer.concat([head, data]);
}

function encode(value: RpmTagValue): [type: number, count: number, bytes: Buffer] {
  if (typeof value === 'string') return [6, 1, Buffer.from(`${value}\0`)];
  if (!Array.isArray(value)) {
    const bytes = Buffer.alloc(value.short.length * 2);
    for (const [i, number] of value.short.entries()) bytes.writeUInt16BE(number, i * 2);
    return [3, value.short.length, bytes];
  }
  if (typeof value[0] === 'string') return [8, value.length, Buffer.from(`${value.join('\0')}\0`)];
  const bytes = Buffer.alloc(value.length * 4);
  for (const [i, number] of value.entries()) bytes.writeUInt32BE(number as number, i * 4);
  return [4, value.length, bytes];
}

/** Headers of `count` packages named `pkg-0`, `pkg-1` … whose sizes grow, so that small and large values occur. */
export function buildRpmHeaders(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const files = Array.from({ length: i * 40 + 1 }, (__, n) => `file-${n}`);
    return buildRpmHeader({
      1000: `pkg-${i}`,
      1001: `1.${i}`,
      1002: '2.el9',
      ...(i % 3 === 0 ? { 1003: [i] } : {}),
      1004: ['Prüfling', 'essai'],
      1008: [1_700_000_000 + i],
      1009: [4096],
      1011: 'Example',
      1014: 'MIT and GPLv2+',
      1022: 'noarch',
      1028: files.map((__, n) => n),
      1030: { short: files.map((__, n) => (n === 0 ? 0o040755 : 0o100644)) },
      1035: files.map((__, n) => (n === 0 ? '' : 'ab'.repeat(32))),
      1037: files.map((__, n) => (n === 1 ? 1 : 0)),
      1039: files.map(() => 'root'),
      1040: files.map(() => 'root'),
      1044: `source-${i}-1.${i}-2.el9.src.rpm`,
      1047: [`pkg-${i}`, `capability(${i})`],
      1049: ['rpmlib(CompressedFileNames)', `capability(${i + 1})`],
      1116: files.map(() => 0),
      1117: files,
      1118: [`/opt/pkg-${i}/`],
      5011: [8],
      ...(i === 1 ? { 5096: 'nodejs:18:806:abc' } : {}),
    });
  });
}
