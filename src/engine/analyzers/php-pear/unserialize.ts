/** A value of PHP's serialisation format. Arrays and objects are maps by key, in order. */
export type PhpValue = string | number | boolean | null | Map<string, PhpValue>;

const DEEPEST = 64;
const MOST_VALUES = 200_000;

/**
 * Reads PHP's serialisation format ("serialize"): `s:3:"abc";`, `i:1;`, `a:1:{…}` and so on; lengths are in bytes. Objects are
 * read as their properties, references as null. Undefined for damaged, too deep or too large input.
 */
export function unserialize(bytes: Uint8Array): PhpValue | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let values = 0;

  function until(end: string): string {
    const stop = text.indexOf(end, at, 'latin1');
    if (stop < 0 || stop - at > 64) throw new RangeError('no end');
    const part = text.toString('latin1', at, stop);
    at = stop + end.length;
    return part;
  }
  function expectText(expected: string): void {
    if (text.toString('latin1', at, at + expected.length) !== expected) throw new RangeError('unexpected');
    at += expected.length;
  }
  function count(end: string): number {
    const part = until(end);
    if (!/^\d{1,9}$/.test(part)) throw new RangeError('no count');
    return Number(part);
  }
  function quoted(): string {
    const length = count(':');
    expectText('"');
    if (at + length > text.length) throw new RangeError('cut off');
    const part = text.toString('utf8', at, at + length);
    at += length;
    expectText('"');
    return part;
  }
  function members(depth: number): Map<string, PhpValue> {
    const size = count(':');
    expectText('{');
    const map = new Map<string, PhpValue>();
    for (let i = 0; i < size; i++) {
      const key = value(depth + 1);
      map.set(String(key), value(depth + 1));
    }
    expectText('}');
    return map;
  }
  function value(depth: number): PhpValue {
    if (depth > DEEPEST || ++values > MOST_VALUES) throw new RangeError('too large');
    const kind = text.toString('latin1', at, at + 2);
    at += 2;
    switch (kind) {
      case 'N;':
        return null;
      case 'b:':
        return until(';') === '1';
      case 'i:':
      case 'd:':
        return Number(until(';'));
      case 's:': {
        const part = quoted();
        expectText(';');
        return part;
      }
      case 'a:':
        return members(depth);
      case 'O:':
        quoted();
        expectText(':');
        return members(depth);
      case 'r:':
      case 'R:':
        until(';');
        return null;
      default:
        throw new RangeError('unknown kind');
    }
  }

  try {
    return value(0);
  } catch {
    return undefined;
  }
}
