import { gunzipSync } from 'node:zlib';
import { asBuffer } from '../../formats/byte-source.ts';
import { symbolAddresses } from '../../formats/elf/symbols.ts';
import { openExecutables, readAddress } from '../../formats/executable.ts';
import type { FileContent } from '../../image/types.ts';
import { readSbom } from '../../sbom/read.ts';

/** A Java library that was compiled into a program. */
export interface CompiledLibrary {
  name: string;
  version: string;
  purl?: string;
  groupId?: string;
  licenses: string[];
}

/** Fact of one program made by `native-image`. */
export interface NativeImage {
  libraries: CompiledLibrary[];
  error?: string;
}

const LARGEST_PACKED = 64 << 20;
const LARGEST_SBOM = 256 << 20;
const MOST_LIBRARIES = 20_000;

/**
 * Reads the SBOM that `native-image` of GraalVM puts into a program: CycloneDX, packed with gzip, at the symbol `sbom`, its
 * length in 8 bytes at `sbom_length`. Undefined when the program has none. Never throws.
 */
export function readNativeImage(content: FileContent): NativeImage | undefined {
  const [elf] = openExecutables(content);
  if (elf?.format !== 'elf') return undefined;
  const addresses = symbolAddresses(elf, ['sbom', 'sbom_length']);
  const [at, lengthAt] = [addresses.get('sbom'), addresses.get('sbom_length')];
  if (at === undefined || lengthAt === undefined) return undefined;
  const stated = asBuffer(readAddress(elf, lengthAt, 8) ?? new Uint8Array());
  if (stated.length < 8) return { libraries: [], error: 'its length is missing' };
  const length = Number(elf.littleEndian ? stated.readBigUInt64LE() : stated.readBigUInt64BE());
  const packed = length > LARGEST_PACKED ? undefined : readAddress(elf, at, length);
  if (packed === undefined || packed.length < length) return { libraries: [], error: 'it lies outside of the program' };
  try {
    return { libraries: librariesOf(gunzipSync(packed, { maxOutputLength: LARGEST_SBOM })) };
  } catch (error) {
    return { libraries: [], error: error instanceof Error ? error.message.slice(0, 200) : 'damaged' };
  }
}

function librariesOf(sbom: Uint8Array): CompiledLibrary[] {
  return readSbom(sbom)
    .packages.filter(({ version }) => version !== '')
    .slice(0, MOST_LIBRARIES)
    .map(({ name, version, purl, metadata, licenses }) => ({
      name,
      version,
      ...(purl ? { purl } : {}),
      ...(typeof metadata.groupId === 'string' ? { groupId: metadata.groupId } : {}),
      licenses: licenses.slice(0, 8).map(({ value }) => value),
    }));
}
