/** A value of a SQLite record. Integers beyond 2^53 lose precision; blobs are views of the payload. */
export type SqliteValue = null | number | string | Uint8Array;

/** Reads a variable-length integer (1 to 9 bytes, big endian). Gives the value and the offset behind it. */
export function readVarint(bytes: Uint8Array, offset: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) throw new RangeError('varint runs past the end');
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, offset + i + 1];
  }
  const last = bytes[offset + 8];
  if (last === undefined) throw new RangeError('varint runs past the end');
  // Nine bytes carry 64 bits: negative numbers in two's complement.
  const wide = value * 256 + last;
  return [wide >= 2 ** 63 ? wide - 2 ** 64 : wide, offset + 9];
}

/** Decodes a record (SQLite file format, §2.1). Throws RangeError when the record contradicts its own size. */
export function decodeRecord(payload: Uint8Array): SqliteValue[] {
  const [headerSize, start] = readVarint(payload, 0);
  if (headerSize > payload.length) throw new RangeError('record header is longer than the record');
  const values: SqliteValue[] = [];
  let at = headerSize;
  for (let offset = start; offset < headerSize; ) {
    const [serial, next] = readVarint(payload, offset);
    offset = next;
    const size = serialSize(serial);
    if (at + size > payload.length) throw new RangeError('record value runs past the end');
    values.push(decodeValue(serial, payload.subarray(at, at + size)));
    at += size;
  }
  return values;
}

function serialSize(serial: number): number {
  if (serial < 0) throw new RangeError('bad serial type');
  if (serial >= 12) return Math.floor((serial - 12) / 2);
  const size = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial];
  if (size === undefined) throw new RangeError('reserved serial type');
  return size;
}

function decodeValue(serial: number, bytes: Uint8Array): SqliteValue {
  if (serial === 0) return null;
  if (serial === 8 || serial === 9) return serial - 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (serial === 7) return view.getFloat64(0);
  if (serial <= 6) {
    let value = view.getInt8(0);
    for (let i = 1; i < bytes.length; i++) value = value * 256 + (bytes[i] as number);
    return value;
  }
  return serial % 2 === 0 ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
