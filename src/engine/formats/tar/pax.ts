/** Records of a PAX extended header (POSIX.1-2001 `pax`): later ones win; repeated sparse numbers are kept in order. */
export interface PaxRecords {
  values: Map<string, Uint8Array>;
  /** `GNU.sparse.offset` and `GNU.sparse.numbytes`, which format 0.0 repeats for every segment. */
  sparseNumbers: number[];
}

const MAX_RECORDS = 1_000_000;

/** Reads `length key=value\n` records. Returns undefined when the text is malformed. */
export function parsePax(bytes: Uint8Array): PaxRecords | undefined {
  const records: PaxRecords = { values: new Map(), sparseNumbers: [] };
  let at = 0;
  for (let count = 0; at < bytes.length; count++) {
    if (bytes[at] === 0) break; // padding by sloppy writers
    if (count > MAX_RECORDS) return undefined;
    let length = 0;
    let i = at;
    for (; bytes[i] !== 0x20; i++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9 || i - at > 9) return undefined;
      length = length * 10 + digit;
    }
    const end = at + length;
    if (length === 0 || end > bytes.length || bytes[end - 1] !== 0x0a) return undefined;
    const equals = bytes.indexOf(0x3d, i + 1);
    if (equals < 0 || equals >= end) return undefined;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + i + 1, equals - i - 1).toString('utf8');
    const value = new Uint8Array(bytes.subarray(equals + 1, end - 1));
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') records.sparseNumbers.push(paxNumber(value));
    else records.values.set(key, value);
    at = end;
  }
  return records;
}

/** A decimal PAX value, fractions of seconds dropped; NaN when it is no number. */
export function paxNumber(value: Uint8Array): number {
  const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1');
  return /^-?\d+(\.\d*)?$/.test(text) ? Math.trunc(Number(text)) : Number.NaN;
}
