import { createHash } from 'node:crypto';
import { formatPurl } from '../analyzers/purl.ts';
import type { VexJustification, VexStatus } from './types.ts';

/** One judgement of one vulnerability in an image, or in some of its packages. */
export interface ImageVexStatement {
  uuid: string;
  vulnerability: string;
  aliases: string[];
  /** The packages it is about; null: the image as a whole. */
  packages: { name: string; version: string; purl: string }[] | null;
  status: VexStatus;
  justification?: VexJustification;
  statusNotes?: string;
  impactStatement?: string;
  actionStatement?: string;
  /** RFC 3339. */
  created: string;
  updated: string;
  version: number;
}

/** What VEX documents about an image are written from. */
export interface ImageVex {
  /** Manifest digest. */
  digest: string;
  /** Full tags, the newest first. */
  tags: string[];
  architecture?: string;
  author: string;
  toolVersion: string;
  /** RFC 3339: when the image was added. Stands in where there is no statement. */
  since: string;
  statements: ImageVexStatement[];
}

/**
 * Package URL of an image: `pkg:oci/app@sha256:…?arch=amd64&repository_url=registry/team/app&tag=1`, or `bare`: without
 * what does not identify it.
 */
export function imagePurl({
  digest,
  tags,
  architecture,
  bare,
}: Pick<ImageVex, 'digest' | 'tags' | 'architecture'> & { bare?: boolean }): string {
  const { repository, tag } = splitTag(tags[0]);
  const name = repository?.split('/').at(-1)?.toLowerCase() ?? 'image';
  return formatPurl({
    type: 'oci',
    name,
    version: digest,
    qualifiers: bare ? {} : { repository_url: repository, tag, arch: architecture },
  });
}

function splitTag(full: string | undefined): { repository?: string; tag?: string } {
  if (full === undefined) return {};
  const colon = full.lastIndexOf(':');
  return colon > full.lastIndexOf('/')
    ? { repository: full.slice(0, colon), tag: full.slice(colon + 1) }
    : { repository: full };
}

/** Times and version of the document: they change with its statements alone. */
export function documentTimes({ statements, since }: ImageVex): { created: string; updated: string; version: number } {
  const created = statements.map((one) => one.created).sort()[0] ?? since;
  const updated =
    statements
      .map((one) => one.updated)
      .sort()
      .at(-1) ?? since;
  return {
    created,
    updated,
    version: Math.max(
      1,
      statements.reduce((sum, one) => sum + one.version, 0),
    ),
  };
}

/** A UUID that is equal for equal text (RFC 9562, version 8). */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
