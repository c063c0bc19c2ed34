import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** How much an artifact holds, by type of content. */
export const ContentCounts = z.array(
  z.object({
    content_type: z.string().optional(),
    display_name: z.string().optional(),
    count: z.int().optional(),
  }),
);

/** Answer of `get_image_content_summary`. */
export const ImageContentSummary = z
  .object({
    items: ContentCounts.optional(),
  })
  .meta({ id: 'ImageContentSummary' });
export type ImageContentSummary = z.output<typeof ImageContentSummary>;

/** Part of `ContentFilesResponse`. */
export const FilesContent = z
  .object({
    filename: z.string().optional(),
    gid: z.int().optional(),
    linkdest: z.string().nullish(),
    mode: z.string().optional(),
    sha256: z.string().nullish(),
    size: z.int().optional(),
    type: z.string().optional(),
    uid: z.int().optional(),
  })
  .meta({ id: 'FilesContent' });
export type FilesContent = z.output<typeof FilesContent>;

/** Answer of `get_image_content_by_type_files`. */
export const ContentFilesResponse = z
  .object({
    image_digest: z.string().optional(),
    content_type: z.string().optional(),
    content: z.array(FilesContent).optional(),
  })
  .meta({ id: 'ContentFilesResponse' });
export type ContentFilesResponse = z.output<typeof ContentFilesResponse>;

/** Part of `MalwareScan`. */
export const MalwareFinding = z
  .object({
    path: z.string().optional(),
    signature: z.string().optional(),
  })
  .meta({ id: 'MalwareFinding' });
export type MalwareFinding = z.output<typeof MalwareFinding>;

/** Part of `ContentMalwareResponse`. */
export const MalwareScan = z
  .object({
    enabled: z.boolean().optional(),
    scanner: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    findings: z.array(MalwareFinding).optional(),
  })
  .meta({ id: 'MalwareScan' });
export type MalwareScan = z.output<typeof MalwareScan>;

/** Answer of `get_image_content_by_type_malware`. */
export const ContentMalwareResponse = z
  .object({
    image_digest: z.string().optional(),
    content_type: z.string().optional(),
    content: z.array(MalwareScan).optional(),
  })
  .meta({ id: 'ContentMalwareResponse' });
export type ContentMalwareResponse = z.output<typeof ContentMalwareResponse>;

/** Part of `ContentJavaPackageResponse`. */
export const JavaPackageContent = z
  .object({
    package: z.string().optional(),
    'implementation-version': z.string().optional(),
    'specification-version': z.string().optional(),
    'maven-version': z.string().optional(),
    location: z.string().optional(),
    type: z.string().optional(),
    origin: z.string().optional(),
    licenses: z.array(z.string()).optional(),
    cpes: z.array(z.string()).optional(),
    purl: z.string().optional(),
    version: z.string().optional(),
  })
  .meta({ id: 'JavaPackageContent' });
export type JavaPackageContent = z.output<typeof JavaPackageContent>;

/** Answer of `get_image_content_by_type_java_package`. */
export const ContentJavaPackageResponse = z
  .object({
    image_digest: z.string().optional(),
    content_type: z.string().optional(),
    content: z.array(JavaPackageContent).optional(),
  })
  .meta({ id: 'ContentJavaPackageResponse' });
export type ContentJavaPackageResponse = z.output<typeof ContentJavaPackageResponse>;

/** Part of `LicenseReviewItem`. */
export const LicenseReviewPackage = z
  .object({
    name: z.string().optional(),
    version: z.string().optional(),
    type: z.string().optional(),
    purl: z.string().optional(),
  })
  .meta({ id: 'LicenseReviewPackage' });
export type LicenseReviewPackage = z.output<typeof LicenseReviewPackage>;

/** Part of `LicenseReviewItem`. */
export const LicenseReviewPackageLicense = z
  .object({
    license_id: z.string().optional(),
    license_name: z.string().optional(),
    license_text: z.string().optional(),
    license_header: z.string().optional(),
    license_url: z.string().optional(),
    source: z.enum(['override', 'sbom']).optional(),
  })
  .meta({ id: 'LicenseReviewPackageLicense' });
export type LicenseReviewPackageLicense = z.output<typeof LicenseReviewPackageLicense>;

/** Part of `LicenseReviewResponse`. */
export const LicenseReviewItem = z
  .object({
    package: LicenseReviewPackage.optional(),
    licenses: z.array(LicenseReviewPackageLicense).optional(),
  })
  .meta({ id: 'LicenseReviewItem' });
export type LicenseReviewItem = z.output<typeof LicenseReviewItem>;

/** Answer of `get_image_content_by_type_license`. */
export const LicenseReviewResponse = z
  .object({
    items: z.array(LicenseReviewItem).optional(),
  })
  .meta({ id: 'LicenseReviewResponse' });
export type LicenseReviewResponse = z.output<typeof LicenseReviewResponse>;

/** Part of `ContentPackageResponse`. */
export const PackageContent = z
  .object({
    package: z.string().optional(),
    version: z.string().optional(),
    size: z.string().optional(),
    type: z.string().optional(),
    origin: z.string().optional(),
    licenses: z.array(z.string()).optional(),
    location: z.string().optional(),
    cpes: z.array(z.string()).optional(),
    metadata_type: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    purl: z.string().optional(),
  })
  .meta({ id: 'PackageContent' });
export type PackageContent = z.output<typeof PackageContent>;

/** Answer of `get_image_content_by_type`. */
export const ContentPackageResponse = z
  .object({
    image_digest: z.string().optional(),
    content_type: z.string().optional(),
    content: z.array(PackageContent).optional(),
  })
  .meta({ id: 'ContentPackageResponse' });
export type ContentPackageResponse = z.output<typeof ContentPackageResponse>;

/** Answer of `get_image_metadata_by_type`. */
export const MetadataResponse = z
  .object({
    image_digest: z.string().optional(),
    metadata_type: z.string().optional(),
    metadata: z.unknown().optional(),
  })
  .meta({ id: 'MetadataResponse' });
export type MetadataResponse = z.output<typeof MetadataResponse>;

/** Operations of image content. */
export const imageContentOperations = {
  /** List the content types of an image. */
  list_image_content: defineOperation({
    id: 'list_image_content',
    method: 'GET',
    path: '/images/{image_digest}/content',
    tag: 'Images',
    summary: 'List the content types of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: z.array(z.string()) },
    errors: [400, 403, 500],
  }),
  /** Count what an image contains. */
  get_image_content_summary: defineOperation({
    id: 'get_image_content_summary',
    method: 'GET',
    path: '/images/{image_digest}/content-summary',
    tag: 'Images',
    summary: 'Count what an image contains',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ImageContentSummary },
    errors: [400, 403, 404, 500],
  }),
  /** List the files of an image. */
  get_image_content_by_type_files: defineOperation({
    id: 'get_image_content_by_type_files',
    method: 'GET',
    path: '/images/{image_digest}/content/files',
    tag: 'Images',
    summary: 'List the files of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ContentFilesResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List malware findings of an image. */
  get_image_content_by_type_malware: defineOperation({
    id: 'get_image_content_by_type_malware',
    method: 'GET',
    path: '/images/{image_digest}/content/malware',
    tag: 'Images',
    summary: 'List malware findings of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ContentMalwareResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List Java packages of an image. */
  get_image_content_by_type_java_package: defineOperation({
    id: 'get_image_content_by_type_java_package',
    method: 'GET',
    path: '/images/{image_digest}/content/java',
    tag: 'Images',
    summary: 'List Java packages of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: ContentJavaPackageResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List licences of an image. */
  get_image_content_by_type_license: defineOperation({
    id: 'get_image_content_by_type_license',
    method: 'GET',
    path: '/images/{image_digest}/content/licenses',
    tag: 'Images',
    summary: 'List licences of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: LicenseReviewResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List packages of one type in an image. */
  get_image_content_by_type: defineOperation({
    id: 'get_image_content_by_type',
    method: 'GET',
    path: '/images/{image_digest}/content/{content_type}',
    tag: 'Images',
    summary: 'List packages of one type in an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/), content_type: z.string() }),
    success: { status: 200, schema: ContentPackageResponse },
    errors: [400, 403, 404, 500],
  }),
  /** List the metadata types of an image. */
  list_image_metadata: defineOperation({
    id: 'list_image_metadata',
    method: 'GET',
    path: '/images/{image_digest}/metadata',
    tag: 'Images',
    summary: 'List the metadata types of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: z.array(z.string()) },
    errors: [400, 403, 500],
  }),
  /** Read manifest, history or Dockerfile of an image. */
  get_image_metadata_by_type: defineOperation({
    id: 'get_image_metadata_by_type',
    method: 'GET',
    path: '/images/{image_digest}/metadata/{metadata_type}',
    tag: 'Images',
    summary: 'Read manifest, history or Dockerfile of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/), metadata_type: z.string() }),
    success: { status: 200, schema: MetadataResponse },
    errors: [400, 403, 404, 500],
  }),
};
