import { z } from 'zod';
import { timestamp } from './fields.ts';
import { ImportFile, ImportPackageLicense, ImportPackageLocation } from './scan.ts';

/** Answer of `create_operation`, `get_operation`, `invalidate_operation`. */
export const ImageImportOperation = z
  .object({
    uuid: z.string().optional(),
    status: z.enum(['pending', 'queued', 'processing', 'complete', 'failed', 'expired']).optional(),
    expires_at: timestamp.optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'ImageImportOperation' });
export type ImageImportOperation = z.output<typeof ImageImportOperation>;

/** Answer of `list_operations`. */
export const ImageImports = z.array(ImageImportOperation).meta({ id: 'ImageImports' });
export type ImageImports = z.output<typeof ImageImports>;

/** Answer of `list_import_content_searches`, `list_import_dockerfiles`, `list_import_file_contents` and others. */
export const ImportContentDigestList = z.array(z.string()).meta({ id: 'ImportContentDigestList' });
export type ImportContentDigestList = z.output<typeof ImportContentDigestList>;

/** Part of `ImageImportContentSearch`. */
export const ImportContentSearchElement = z
  .object({
    classification: z.string(),
    line_number: z.int(),
    line_offset: z.int(),
    seek_position: z.int(),
    length: z.int(),
  })
  .meta({ id: 'ImportContentSearchElement' });
export type ImportContentSearchElement = z.output<typeof ImportContentSearchElement>;

/** Part of `ImageImportContentSearchList`. */
export const ImageImportContentSearch = z
  .object({
    location: ImportPackageLocation,
    content_searches: z.array(ImportContentSearchElement),
  })
  .meta({ id: 'ImageImportContentSearch' });
export type ImageImportContentSearch = z.output<typeof ImageImportContentSearch>;

/** Body of `import_content_searches`, `import_secret_searches`. */
export const ImageImportContentSearchList = z
  .array(ImageImportContentSearch)
  .meta({ id: 'ImageImportContentSearchList' });
export type ImageImportContentSearchList = z.output<typeof ImageImportContentSearchList>;

/** Answer of `import_content_searches`, `import_image_dockerfile`, `import_file_contents` and others. */
export const ImageImportContentResponse = z
  .object({
    digest: z.string().optional(),
    created_at: timestamp.optional(),
  })
  .meta({ id: 'ImageImportContentResponse' });
export type ImageImportContentResponse = z.output<typeof ImageImportContentResponse>;

/** Part of `ImageImportFileContentList`. */
export const ImageImportFileContent = z
  .object({
    location: ImportPackageLocation,
    contents: z.string(),
  })
  .meta({ id: 'ImageImportFileContent' });
export type ImageImportFileContent = z.output<typeof ImageImportFileContent>;

/** Body of `import_file_contents`. */
export const ImageImportFileContentList = z.array(ImageImportFileContent).meta({ id: 'ImageImportFileContentList' });
export type ImageImportFileContentList = z.output<typeof ImageImportFileContentList>;

/** Part of `ImportPackage`. */
export const ImportPackageCPE = z
  .object({
    cpe: z.string(),
    source: z.string(),
  })
  .meta({ id: 'ImportPackageCPE' });
export type ImportPackageCPE = z.output<typeof ImportPackageCPE>;

/** Part of `ImagePackageManifest`. */
export const ImportPackage = z
  .looseObject({
    id: z.string().optional(),
    name: z.string(),
    version: z.string(),
    type: z.string(),
    foundBy: z.string().optional(),
    locations: z.array(ImportPackageLocation),
    licenses: z.array(z.union([z.string(), ImportPackageLicense])),
    language: z.string(),
    cpes: z.array(z.union([z.string(), ImportPackageCPE])),
    purl: z.string().optional(),
    metadataType: z.string().nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ id: 'ImportPackage' });
export type ImportPackage = z.output<typeof ImportPackage>;

/** Part of `ImagePackageManifest`. */
export const ImportSource = z
  .looseObject({
    type: z.string(),
    target: z.unknown().optional(),
    metadata: z.unknown().optional(),
  })
  .meta({ id: 'ImportSource' });
export type ImportSource = z.output<typeof ImportSource>;

/** Part of `ImagePackageManifest`. */
export const ImportDistribution = z
  .looseObject({
    name: z.string().nullish(),
    id: z.string().nullish(),
    version: z.string().nullish(),
    versionID: z.string().nullish(),
    idLike: z.unknown().optional(),
    extendedSupport: z.boolean().nullish(),
  })
  .meta({ id: 'ImportDistribution' });
export type ImportDistribution = z.output<typeof ImportDistribution>;

/** Part of `ImagePackageManifest`. */
export const ImportDescriptor = z
  .looseObject({
    name: z.string(),
    version: z.string(),
  })
  .meta({ id: 'ImportDescriptor' });
export type ImportDescriptor = z.output<typeof ImportDescriptor>;

/** Part of `ImagePackageManifest`. */
export const ImportSchema = z
  .looseObject({
    version: z.string(),
    url: z.string(),
  })
  .meta({ id: 'ImportSchema' });
export type ImportSchema = z.output<typeof ImportSchema>;

/** Part of `ImagePackageManifest`. */
export const ImportPackageRelationship = z
  .looseObject({
    parent: z.string(),
    child: z.string(),
    type: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ImportPackageRelationship' });
export type ImportPackageRelationship = z.output<typeof ImportPackageRelationship>;

/** Body of `import_image_packages`. */
export const ImagePackageManifest = z
  .looseObject({
    artifacts: z.array(ImportPackage),
    source: ImportSource,
    distro: ImportDistribution,
    descriptor: ImportDescriptor.optional(),
    schema: ImportSchema.optional(),
    artifactRelationships: z.array(ImportPackageRelationship).optional(),
    files: z.array(ImportFile).optional(),
  })
  .meta({ id: 'ImagePackageManifest' });
export type ImagePackageManifest = z.output<typeof ImagePackageManifest>;
