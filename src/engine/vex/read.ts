import { createHash } from 'node:crypto';
import { type Json, objectOf } from '#shared/json-object.ts';
import { readCsaf } from './read-csaf.ts';
import { readCyclonedxVex } from './read-cyclonedx.ts';
import { cyclonedxFromXml, isXml } from './read-cyclonedx-xml.ts';
import { readOpenvex } from './read-openvex.ts';
import { type VexDocument, VexError, type VexFormat } from './types.ts';

/** Statements of one document; vendors publish tens of thousands at most. */
const MAX_STATEMENTS = 200_000;
/** Problems that are told; the rest is counted. */
const MAX_PROBLEMS = 50;

/** Reads OpenVEX, CSAF 2.0 or CycloneDX (JSON and XML). Throws {@link VexError} for anything else. */
export function readVex(input: string | Uint8Array): VexDocument {
  const source = typeof input === 'string' ? input : new TextDecoder().decode(input);
  const content = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const document = isXml(content) ? cyclonedxFromXml(content) : parse(content);
  const format = formatOf(document);
  const read = READERS[format](document);
  if (read.statements.length > MAX_STATEMENTS)
    throw new VexError(`the document has ${read.statements.length} statements; at most ${MAX_STATEMENTS} are read`);
  if (read.statements.length === 0 && read.problems.length > 0)
    throw new VexError(`the document has no statement that could be used: ${read.problems[0]}`);
  const more = read.problems.length - MAX_PROBLEMS;
  return {
    ...read,
    format,
    id: read.id || `sha256:${createHash('sha256').update(content).digest('hex')}`,
    problems: more > 0 ? [...read.problems.slice(0, MAX_PROBLEMS), `and ${more} more`] : read.problems,
  };
}

const READERS: Record<VexFormat, (document: Json) => Omit<VexDocument, 'format'>> = {
  openvex: readOpenvex,
  csaf: readCsaf,
  cyclonedx: readCyclonedxVex,
};

function parse(content: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new VexError(`the VEX document is neither JSON nor XML: ${(error as Error).message}`);
  }
  const document = objectOf(value);
  if (!document) throw new VexError('the VEX document is not a JSON object');
  return document;
}

function formatOf(document: Json): VexFormat {
  if (document.bomFormat === 'CycloneDX') return 'cyclonedx';
  if (objectOf(document.document)?.csaf_version !== undefined) return 'csaf';
  const context = [document['@context']].flat().some((one) => typeof one === 'string' && one.includes('openvex'));
  if (context || Array.isArray(document.statements)) return 'openvex';
  throw new VexError('the document is neither OpenVEX, nor CSAF 2.0, nor CycloneDX');
}
