import { type Json, objectOf } from '#shared/json-object.ts';
import type { Analysis } from '../model/analysis.ts';
import { readCyclonedx } from './read-cyclonedx.ts';
import { readNative } from './read-native.ts';
import { readSpdx } from './read-spdx.ts';

/** A document that is no SBOM this product reads. The message is for people. */
export class SbomError extends Error {
  override readonly name = 'SbomError';
}

/**
 * Reads an SBOM of any supported form (native, CycloneDX JSON, SPDX 2 JSON) into an analysis with packages, relations
 * and distro. Throws {@link SbomError} for anything else.
 */
export function readSbom(input: string | Uint8Array | Json): Analysis {
  const document = typeof input === 'string' || input instanceof Uint8Array ? parse(input) : input;
  const read = reader(document);
  const analysis = read(document);
  return {
    schema: 1,
    analyzerVersion: 'sbom',
    ...analysis,
    packages: analysis.packages.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
  };
}

function parse(input: string | Uint8Array): Json {
  const text = typeof input === 'string' ? input : new TextDecoder().decode(input);
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new SbomError(`the SBOM is not JSON: ${(error as Error).message}`);
  }
  const document = objectOf(value);
  if (!document) throw new SbomError('the SBOM is not a JSON object');
  return document;
}

function reader(document: Json) {
  if (document.bomFormat === 'CycloneDX') return readCyclonedx;
  if (typeof document.spdxVersion === 'string') {
    if (document.spdxVersion.startsWith('SPDX-2')) return readSpdx;
    throw new SbomError(`${document.spdxVersion} is not supported: SPDX 2.2 and 2.3 are`);
  }
  if (Array.isArray(document.artifacts)) return readNative;
  throw new SbomError('the document is neither a native SBOM, nor CycloneDX JSON, nor SPDX 2 JSON');
}
