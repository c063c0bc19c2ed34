import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, type Unit } from './frames.ts';

function message(type: string, body = ''): Buffer {
  const bytes = Buffer.alloc(5 + body.length);
  bytes.write(type, 0);
  bytes.writeInt32BE(4 + body.length, 1);
  bytes.write(body, 5);
  return bytes;
}

function startup(): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeInt32BE(9, 0);
  bytes.writeInt32BE(196_608, 4);
  return bytes;
}

function request(code: number, length = 8): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeInt32BE(length, 0);
  bytes.writeInt32BE(code, 4);
  return bytes;
}

function show(units: Unit[]): string[] {
  return units.map((unit) =>
    unit.kind === 'work'
      ? `${Buffer.from(unit.bytes)
          .toString('latin1')
          .replace(/[^A-Z]/g, '')}${unit.open ? '…' : ''}`
      : unit.kind,
  );
}

const stream = Buffer.concat([
  request(80_877_103),
  startup(),
  message('Q', 'x'),
  message('P'),
  message('B', 'yyyyyy'),
  message('E'),
  message('S'),
  message('P'),
  message('H'),
  message('S'),
  message('X'),
]);
const units = ['encryption-request', 'startup', 'Q', 'PBES', 'PH…', 'S', 'terminate'];

describe('FrameReader', () => {
  it('cuts a stream into units, however it arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: stream.length })), (cuts) => {
        const reader = new FrameReader();
        const found: Unit[] = [];
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        for (let i = 1; i < places.length; i++) found.push(...reader.push(stream.subarray(places[i - 1], places[i])));
        expect(show(found)).toEqual(units);
      }),
    );
  });

  it('knows a cancel request', () => {
    expect(show(new FrameReader().push(request(80_877_102, 16)))).toEqual(['cancel']);
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an old version', request(2 << 16)],
    ['a negative length', Buffer.concat([startup(), Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff])])],
    ['a huge message', Buffer.concat([startup(), Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff])])],
  ])('refuses %s', (_name, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow();
  });
});
