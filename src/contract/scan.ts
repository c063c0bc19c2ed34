import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { PolicyEvaluation } from './image-check.ts';
import { PackageVulnerability } from './image-vulnerabilities.ts';
import { defineOperation } from './operation.ts';

/** Part of `NativeSBOMPackage`. */
export const NativeSBOMPackageLocation = z
  .looseObject({
    path: z.string(),
    layerID: z.string().optional(),
  })
  .meta({ id: 'NativeSBOMPackageLocation' });
export type NativeSBOMPackageLocation = z.output<typeof NativeSBOMPackageLocation>;

/** Part of `ImageImportContentSearch`, `ImageImportFileContent`, `ImportPackage` and others. */
export const ImportPackageLocation = z
  .looseObject({
    path: z.string(),
    layerID: z.string().optional(),
  })
  .meta({ id: 'ImportPackageLocation' });
export type ImportPackageLocation = z.output<typeof ImportPackageLocation>;

/** Part of `ImportPackage`, `NativeSBOMPackage`. */
export const ImportPackageLicense = z
  .object({
    value: z.string().optional(),
    spdxExpression: z.string().optional(),
    type: z.enum(['declared', 'concluded']).optional(),
    urls: z.array(z.string()).optional(),
    locations: z.array(ImportPackageLocation).optional(),
    contents: z.string().optional(),
  })
  .meta({ id: 'ImportPackageLicense' });
export type ImportPackageLicense = z.output<typeof ImportPackageLicense>;

/** Part of `NativeSBOMPackage`. */
export const NativeSBOMPackageCPE = z
  .looseObject({
    cpe: z.string(),
    source: z.string(),
  })
  .meta({ id: 'NativeSBOMPackageCPE' });
export type NativeSBOMPackageCPE = z.output<typeof NativeSBOMPackageCPE>;

/** Part of `NativeSBOM`. */
export const NativeSBOMPackage = z
  .looseObject({
    id: z.string().optional(),
    name: z.string(),
    version: z.string(),
    type: z.string(),
    foundBy: z.string().optional(),
    locations: z.array(NativeSBOMPackageLocation),
    licenses: z.array(z.union([z.string(), ImportPackageLicense])),
    language: z.string(),
    cpes: z.array(z.union([z.string(), NativeSBOMPackageCPE])),
    purl: z.string().optional(),
    metadataType: z.string().nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ id: 'NativeSBOMPackage' });
export type NativeSBOMPackage = z.output<typeof NativeSBOMPackage>;

/** Part of `ImportFile`. */
export const ImageImportFileCoordinate = z
  .object({
    path: z.string().optional(),
    layerID: z.string().optional(),
  })
  .meta({ id: 'ImageImportFileCoordinate' });
export type ImageImportFileCoordinate = z.output<typeof ImageImportFileCoordinate>;

/** Part of `ImportFile`. */
export const ImportFileDigest = z
  .object({
    algorithm: z.string(),
    value: z.string(),
  })
  .meta({ id: 'ImportFileDigest' });
export type ImportFileDigest = z.output<typeof ImportFileDigest>;

/** Part of `ImagePackageManifest`, `NativeSBOM`. */
export const ImportFile = z
  .looseObject({
    id: z.string(),
    location: ImageImportFileCoordinate,
    metadata: z.record(z.string(), z.unknown()).optional(),
    digests: z.array(ImportFileDigest).optional(),
  })
  .meta({ id: 'ImportFile' });
export type ImportFile = z.output<typeof ImportFile>;

/** Part of `NativeSBOM`. */
export const NativeSBOMSource = z
  .looseObject({
    type: z.string(),
    target: z.unknown().optional(),
    metadata: z.unknown().optional(),
  })
  .meta({ id: 'NativeSBOMSource' });
export type NativeSBOMSource = z.output<typeof NativeSBOMSource>;

/** Part of `NativeSBOM`. */
export const NativeSBOMDistribution = z
  .looseObject({
    name: z.string().nullish(),
    id: z.string().nullish(),
    version: z.string().nullish(),
    versionID: z.string().nullish(),
    idLike: z.unknown().optional(),
    extendedSupport: z.boolean().nullish(),
  })
  .meta({ id: 'NativeSBOMDistribution' });
export type NativeSBOMDistribution = z.output<typeof NativeSBOMDistribution>;

/** Part of `NativeSBOM`. */
export const NativeSBOMDescriptor = z
  .looseObject({
    name: z.string(),
    version: z.string(),
  })
  .meta({ id: 'NativeSBOMDescriptor' });
export type NativeSBOMDescriptor = z.output<typeof NativeSBOMDescriptor>;

/** Part of `NativeSBOM`. */
export const NativeSBOMSchema = z
  .looseObject({
    version: z.string(),
    url: z.string(),
  })
  .meta({ id: 'NativeSBOMSchema' });
export type NativeSBOMSchema = z.output<typeof NativeSBOMSchema>;

/** Part of `NativeSBOM`. */
export const NativeSBOMPackageRelationship = z
  .looseObject({
    parent: z.string(),
    child: z.string(),
    type: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'NativeSBOMPackageRelationship' });
export type NativeSBOMPackageRelationship = z.output<typeof NativeSBOMPackageRelationship>;

/** Body of `upload_import_sources_sbom`. */
export const NativeSBOM = z
  .looseObject({
    artifacts: z.array(NativeSBOMPackage),
    files: z.array(ImportFile).nullish(),
    source: NativeSBOMSource,
    distro: NativeSBOMDistribution,
    descriptor: NativeSBOMDescriptor.optional(),
    schema: NativeSBOMSchema.optional(),
    artifactRelationships: z.array(NativeSBOMPackageRelationship).optional(),
  })
  .meta({ id: 'NativeSBOM' });
export type NativeSBOM = z.output<typeof NativeSBOM>;

/** Part of `ScanRequest`. */
export const ContentSearch = z
  .object({
    media_type: z.enum([
      'application/anchore.enterprise.local-analyze.secret-search.v1+json',
      'application/anchore.enterprise.local-analyze.content-search.v1+json',
    ]),
    metadata: z.object({
      analyzed_at: timestamp.optional(),
      anchorectl_version: z.string(),
      platform: z.string().optional().meta({ deprecated: true }),
      anchorectl_platform: z.string(),
    }),
    findings: z.array(
      z.object({
        location: z.object({
          path: z.string(),
          layerID: z.string(),
        }),
        content_searches: z.array(
          z.looseObject({
            classification: z.string(),
            line_number: z.int(),
            line_offset: z.int(),
            seek_position: z.int(),
            length: z.int(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ContentSearch' });
export type ContentSearch = z.output<typeof ContentSearch>;

/** Part of `ScanRequest`. */
export const FileContents = z
  .object({
    media_type: z.enum(['application/anchore.enterprise.local-analyze.file-contents.v1+json']),
    metadata: z.object({
      analyzed_at: timestamp.optional(),
      anchorectl_version: z.string(),
      platform: z.string().optional().meta({ deprecated: true }),
      anchorectl_platform: z.string(),
    }),
    findings: z.array(
      z.object({
        location: z.object({
          path: z.string(),
          layerID: z.string().optional(),
        }),
        contents: z.string(),
      }),
    ),
  })
  .meta({ id: 'FileContents' });
export type FileContents = z.output<typeof FileContents>;

/** Body of `stateless_scan`. */
export const ScanRequest = z
  .object({
    sbom: NativeSBOM.optional(),
    secret_scan: ContentSearch.optional(),
    content_search: ContentSearch.optional(),
    retrieved_files: FileContents.optional(),
  })
  .meta({ id: 'ScanRequest' });
export type ScanRequest = z.output<typeof ScanRequest>;

/** Answer of `vulnerability_scan_sbom`. */
export const SBOMVulnerabilitiesResponse = z
  .object({
    sbom_id: z.string().optional(),
    extended_support: z.boolean().optional(),
    vulnerabilities: z.array(PackageVulnerability).optional(),
  })
  .meta({ id: 'SBOMVulnerabilitiesResponse' });
export type SBOMVulnerabilitiesResponse = z.output<typeof SBOMVulnerabilitiesResponse>;

/** Answer of `stateless_scan`. */
export const ScanResponse = z
  .object({
    vuln_scan: SBOMVulnerabilitiesResponse.optional(),
    policy_scan: PolicyEvaluation.optional(),
  })
  .meta({ id: 'ScanResponse' });
export type ScanResponse = z.output<typeof ScanResponse>;

/** Operations of scan. */
export const scanOperations = {
  /** Stateless scan. */
  stateless_scan: defineOperation({
    id: 'stateless_scan',
    method: 'POST',
    path: '/scan',
    tag: 'Onetime',
    summary: 'Stateless scan',
    permission: { action: 'getImageEvaluation', domain: 'account' },
    query: z.object({
      policy_id: z.string().optional(),
      tag: z.string(),
      extended_support: queryBoolean().optional(),
    }),
    body: ScanRequest,
    maxBodyBytes: 128 * 1024 ** 2,
    success: { status: 200, schema: ScanResponse },
    errors: [400, 403, 415, 500],
  }),
  /** Vulnerability scan SBOM. */
  vulnerability_scan_sbom: defineOperation({
    id: 'vulnerability_scan_sbom',
    method: 'POST',
    path: '/vulnerability-scan',
    tag: 'Vulnerabilities',
    summary: 'Vulnerability scan SBOM',
    permission: { action: 'getImage', domain: 'account' },
    query: z.object({
      include_vuln_description: queryBoolean().default(false),
      extended_support: queryBoolean().optional(),
    }),
    body: z.record(z.string(), z.unknown()),
    maxBodyBytes: 128 * 1024 ** 2,
    success: { status: 200, schema: SBOMVulnerabilitiesResponse },
    errors: [400, 403, 415, 500],
  }),
};
