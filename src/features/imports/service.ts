import type { ImageAnalysisRequest, ImportContentDigests } from '#contract/images-schemas.ts';
import { isDigest } from '#engine/model/digest.ts';
import { putAnalysis, saveAnalysis } from '#features/analyses/index.ts';
import type { ImageGateway, KnownImage } from '#features/images/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { badRequest } from '#shared/errors.ts';
import { buildAnalysis, type ImportParts } from './build-analysis.ts';
import type { ImportOperations } from './operations.ts';

/** Parts of an import, by the names that `POST /images` gives to them. */
export const CONTENT_KINDS = [
  'packages',
  'image_config',
  'manifest',
  'parent_manifest',
  'dockerfile',
  'content_searches',
  'secret_searches',
  'file_contents',
  'sbom',
] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** Annotation that tells where the analysis came from. */
const OPERATION_ANNOTATION = 'anchore.system/import_operation_id';

export interface ImportServiceDependencies {
  operations: ImportOperations;
  objects: ObjectStore;
  gateway: Pick<ImageGateway, 'parse'>;
}

export type ImportService = ReturnType<typeof createImportService>;

/** Images that were analysed elsewhere: what was collected under an operation is made into an image. */
export function createImportService({ operations, objects, gateway }: ImportServiceDependencies) {
  /** The bytes of each part that a request names. */
  async function readParts(account: string, uuid: string, wanted: ImportContentDigests): Promise<ImportParts> {
    const known = await operations.contents(account, uuid);
    const parts: Partial<Record<ContentKind, Buffer>> = {};
    for (const [kind, digest] of Object.entries(wanted) as [ContentKind, string | undefined][]) {
      if (digest === undefined) continue;
      const hex = digest.replace(/^sha256:/, '');
      // A client that sent one whole document names it in place of the list of packages.
      const row = known.find(
        (content) =>
          content.digest === hex && (content.kind === kind || (kind === 'packages' && content.kind === 'sbom')),
      );
      if (!row) throw badRequest(`contents.${kind} names content that was not sent to the operation: ${digest}`);
      const bytes = await objects.get(row.object_key);
      if (!bytes) throw badRequest(`contents.${kind} is not stored any more: send it again`);
      parts[kind] = bytes;
    }
    return parts as ImportParts;
  }

  return {
    /** Makes the parts that `source.import` of an add request names into an image; the operation is used up by it. */
    async open(account: string, source: NonNullable<ImageAnalysisRequest['source']>['import']): Promise<KnownImage> {
      const manifest = source!;
      const digest = manifest.digest.toLowerCase();
      if (!isDigest(digest)) throw badRequest(`source.import.digest is not a sha256 digest: ${manifest.digest}`);
      if (manifest.tags.length === 0) throw badRequest('source.import.tags must name at least one tag');
      const tags = manifest.tags.map((name) => {
        const { registry, repository, tag } = gateway.parse(name);
        return { registry, repository, tag: tag ?? 'latest' };
      });
      const uuid = manifest.operation_uuid;
      await operations.pending(account, uuid);
      const parts = await readParts(account, uuid, manifest.contents);
      const parent = manifest.parent_digest?.toLowerCase();
      if (parent !== undefined && !isDigest(parent))
        throw badRequest('source.import.parent_digest is not a sha256 digest');
      const analysis = buildAnalysis(parts, { digest, ...(parent ? { parentDigest: parent } : {}) });
      const keys = await putAnalysis(objects, analysis);
      return {
        digest,
        ...(parent ? { parentDigest: parent } : {}),
        imageId: manifest.local_image_id ?? analysis.image!.imageId,
        ...(parts.dockerfile ? { dockerfile: parts.dockerfile.toString('base64') } : {}),
        annotations: { [OPERATION_ANNOTATION]: uuid },
        tags,
        async store(tx) {
          await operations.use(tx, account, uuid, 'complete');
          await saveAnalysis(tx, digest, analysis, keys, account);
        },
      };
    },
  };
}
