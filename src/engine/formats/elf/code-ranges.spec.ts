import { describe, expect, it } from 'vitest';
import { codeRanges } from './code-ranges.ts';

/** The head of a 64-bit little-endian ELF file with these loadable segments. */
function head(segments: { flags: number; offset: number; size: number }[], sectionTable = 0): Uint8Array {
  const bytes = Buffer.alloc(4096);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeBigUInt64LE(BigInt(sectionTable), 40);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(segments.length, 56);
  segments.forEach(({ flags, offset, size }, index) => {
    const at = 64 + index * 56;
    bytes.writeUInt32LE(1, at);
    bytes.writeUInt32LE(flags, at + 4);
    bytes.writeBigUInt64LE(BigInt(offset), at + 8);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
  });
  return bytes;
}

const CODE = 5;
const CONSTANTS = 4;

describe('codeRanges', () => {
  it('gives executable segments of a file that keeps its constants apart', () => {
    const segments = [
      { flags: CONSTANTS, offset: 0, size: 0x2000 },
      { flags: CODE, offset: 0x2000, size: 0x9000 },
    ];
    expect(codeRanges(head(segments))).toEqual([{ offset: 0x2000, size: 0x9000 }]);
  });

  it('never covers the headers, which Go puts into the executable segment', () => {
    const segments = [
      { flags: CODE, offset: 0, size: 0x900000 },
      { flags: CONSTANTS, offset: 0x900000, size: 0x800000 },
    ];
    expect(codeRanges(head(segments, 0x190))).toEqual([{ offset: 0x1000, size: 0x8ff000 }]);
  });

  it('gives nothing when the section table lies in the code', () => {
    const segments = [
      { flags: CODE, offset: 0, size: 0x900000 },
      { flags: CONSTANTS, offset: 0x900000, size: 0x800000 },
    ];
    expect(codeRanges(head(segments, 0x5000))).toEqual([]);
  });

  it('gives nothing for files that mix code and constants, or are no ELF', () => {
    expect(codeRanges(head([{ flags: CODE, offset: 0, size: 0x900000 }]))).toEqual([]);
    expect(codeRanges(new Uint8Array(4096))).toEqual([]);
    expect(codeRanges(new Uint8Array(3))).toEqual([]);
  });
});
