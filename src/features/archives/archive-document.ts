import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import type { Analysis } from '#engine/model/analysis.ts';
import { ArchivedEvaluations } from '#features/policies/index.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Everything that is known about an image: enough to bring it back without its registry. */
export const ArchiveDocument = z.object({
  format: z.literal(1),
  image: z.object({
    digest: z.string(),
    parent_digest: z.string().nullable(),
    image_id: z.string().nullable(),
    annotations: z.record(z.string(), z.string()),
    dockerfile: z.string().nullable(),
    analyzed_at: z.string().nullable(),
  }),
  tags: z.array(
    z.object({ registry: z.string(), repository: z.string(), tag: z.string(), detected_at: z.iso.datetime() }),
  ),
  /** The analysis with its list of files. */
  analysis: z.custom<Analysis>((value) => typeof value === 'object' && value !== null),
  ...ArchivedEvaluations.shape,
  /** The last vulnerability report, for readers: a restored image is matched anew. */
  vulnerabilities: z.unknown(),
});
export type ArchiveDocument = z.output<typeof ArchiveDocument>;

/** Compressed bytes of a document. */
export function packArchive(document: ArchiveDocument): Promise<Buffer> {
  return compress(Buffer.from(JSON.stringify(document)), { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
}

/** Reads what {@link packArchive} wrote. Throws when it is something else. */
export async function unpackArchive(bytes: Uint8Array): Promise<ArchiveDocument> {
  return ArchiveDocument.parse(JSON.parse((await decompress(bytes)).toString('utf8')));
}
