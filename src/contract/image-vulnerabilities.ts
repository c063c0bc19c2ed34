import { z } from 'zod';
import { queryBoolean, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Part of `NvdDataObject`, `VendorDataObject`, `VersionVulnerabilityVendorNVDCommon`. */
export const CVSSV2Scores = z
  .object({
    base_score: z.number().nullish(),
    exploitability_score: z.number().nullish(),
    impact_score: z.number().nullish(),
  })
  .meta({ id: 'CVSSV2Scores' });
export type CVSSV2Scores = z.output<typeof CVSSV2Scores>;

/** Part of `NvdDataObject`, `VendorDataObject`, `VersionVulnerabilityVendorNVDCommon`. */
export const CVSSV3Scores = z
  .object({
    base_score: z.number().nullish(),
    exploitability_score: z.number().nullish(),
    impact_score: z.number().nullish(),
  })
  .meta({ id: 'CVSSV3Scores' });
export type CVSSV3Scores = z.output<typeof CVSSV3Scores>;

/** Part of `NvdDataObject`, `PackageVulnerability`. */
export const PackageEPSS = z
  .object({
    epss: z.number().optional(),
    percentile: z.number().optional(),
  })
  .meta({ id: 'PackageEPSS' });
export type PackageEPSS = z.output<typeof PackageEPSS>;

/** Part of `NvdDataList`. */
export const NvdDataObject = z
  .object({
    id: z.string().optional(),
    description: z.string().optional(),
    type: z.enum(['Primary', 'Secondary', 'None']).optional(),
    source: z.string().optional(),
    cvss_v2: CVSSV2Scores.optional(),
    cvss_v3: CVSSV3Scores.optional(),
    is_kev: z.boolean().optional(),
    epss: PackageEPSS.optional(),
  })
  .meta({ id: 'NvdDataObject' });
export type NvdDataObject = z.output<typeof NvdDataObject>;

/** Part of `PackageVulnerability`, `StandaloneVulnerability`. */
export const NvdDataList = z.array(NvdDataObject).meta({ id: 'NvdDataList' });
export type NvdDataList = z.output<typeof NvdDataList>;

/** Part of `VendorDataList`. */
export const VendorDataObject = z
  .object({
    id: z.string().optional(),
    type: z.enum(['Primary', 'Secondary', 'None']).optional(),
    source: z.string().optional(),
    cvss_v2: CVSSV2Scores.optional(),
    cvss_v3: CVSSV3Scores.optional(),
  })
  .meta({ id: 'VendorDataObject' });
export type VendorDataObject = z.output<typeof VendorDataObject>;

/** Part of `PackageVulnerability`, `StandaloneVulnerability`. */
export const VendorDataList = z.array(VendorDataObject).meta({ id: 'VendorDataList' });
export type VendorDataList = z.output<typeof VendorDataList>;

/** Part of `PackageVulnerability`, `VulnerabilityAnnotation`. */
export const VulnAnnotationStatus = z
  .enum(['not_affected', 'affected', 'fixed', 'under_investigation'])
  .meta({ id: 'VulnAnnotationStatus' });
export type VulnAnnotationStatus = z.output<typeof VulnAnnotationStatus>;

/** Part of `ImagePackageVulnerability`, `SBOMVulnerabilitiesResponse`, `SourcePackageVulnerabilityResponse`. */
export const PackageVulnerability = z
  .object({
    vuln: z.string().optional(),
    description: z.string().optional(),
    fix: z.string().optional(),
    severity: z.string().optional(),
    package: z.string().optional(),
    url: z.string().optional(),
    feed: z.string().optional(),
    feed_group: z.string().optional(),
    package_name: z.string().optional(),
    package_version: z.string().optional(),
    package_type: z.string().optional(),
    package_cpe: z.string().optional(),
    package_path: z.string().optional(),
    purl: z.string().optional(),
    will_not_fix: z.boolean().optional(),
    nvd_data: NvdDataList.optional(),
    vendor_data: VendorDataList.optional(),
    detected_at: timestamp.optional(),
    fix_observed_at: timestamp.optional(),
    suggested_fix_version: z.string().optional(),
    is_kev: z.boolean().optional(),
    epss: z.array(PackageEPSS).optional(),
    annotation_status: VulnAnnotationStatus.optional(),
    annotation_uuid: z.guid().optional(),
  })
  .meta({ id: 'PackageVulnerability' });
export type PackageVulnerability = z.output<typeof PackageVulnerability>;

/** Part of `ImagePackageVulnerabilityResponse`. */
export const ImagePackageVulnerability = PackageVulnerability.extend({
  inherited_from_base: z.boolean().optional(),
}).meta({ id: 'ImagePackageVulnerability' });
export type ImagePackageVulnerability = z.output<typeof ImagePackageVulnerability>;

/** Answer of `get_image_vulnerabilities_by_digest`. */
export const ImagePackageVulnerabilityResponse = z
  .object({
    image_digest: z.string().optional(),
    base_digest: z.string().optional(),
    base_image_problems: z.array(z.record(z.string(), z.unknown())).optional(),
    vulnerability_type: z.string().optional(),
    extended_support: z.boolean().optional(),
    vulnerabilities: z.array(ImagePackageVulnerability).optional(),
  })
  .meta({ id: 'ImagePackageVulnerabilityResponse' });
export type ImagePackageVulnerabilityResponse = z.output<typeof ImagePackageVulnerabilityResponse>;

/** Operations of image vulnerabilities. */
export const imageVulnerabilitiesOperations = {
  /** List the vulnerability types of an image. */
  get_image_vulnerability_types: defineOperation({
    id: 'get_image_vulnerability_types',
    method: 'GET',
    path: '/images/{image_digest}/vuln',
    tag: 'Images',
    summary: 'List the vulnerability types of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) }),
    success: { status: 200, schema: z.array(z.enum(['all', 'os', 'non-os'])) },
    errors: [400, 403, 500],
  }),
  /** Download vulnerabilities of an image as CycloneDX JSON. */
  get_image_vulnerabilities_by_digest_cyclonedx_json: defineOperation({
    id: 'get_image_vulnerabilities_by_digest_cyclonedx_json',
    method: 'GET',
    path: '/images/{image_digest}/vuln/{vuln_type}/cyclonedx-json',
    tag: 'Images',
    summary: 'Download vulnerabilities of an image as CycloneDX JSON',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({
      image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/),
      vuln_type: z.enum(['os', 'non-os', 'all']),
    }),
    query: z.object({
      force_refresh: queryBoolean().default(false),
      include_vuln_description: queryBoolean().default(false),
      include_annotation_detail: queryBoolean().default(false),
      vendor_only: queryBoolean().default(true),
    }),
    success: { status: 200, schema: z.record(z.string(), z.unknown()) },
    errors: [400, 403, 404, 500],
  }),
  /** Download vulnerabilities of an image as CycloneDX XML. */
  get_image_vulnerabilities_by_digest_cyclonedx_xml: defineOperation({
    id: 'get_image_vulnerabilities_by_digest_cyclonedx_xml',
    method: 'GET',
    path: '/images/{image_digest}/vuln/{vuln_type}/cyclonedx-xml',
    tag: 'Images',
    summary: 'Download vulnerabilities of an image as CycloneDX XML',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({
      image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/),
      vuln_type: z.enum(['os', 'non-os', 'all']),
    }),
    query: z.object({
      force_refresh: queryBoolean().default(false),
      include_vuln_description: queryBoolean().default(false),
      include_annotation_detail: queryBoolean().default(false),
      vendor_only: queryBoolean().default(true),
    }),
    success: { status: 200, contentType: 'application/xml', raw: true, schema: z.record(z.string(), z.unknown()) },
    errors: [400, 403, 404, 500],
  }),
  /** List the vulnerabilities of an image. */
  get_image_vulnerabilities_by_digest: defineOperation({
    id: 'get_image_vulnerabilities_by_digest',
    method: 'GET',
    path: '/images/{image_digest}/vuln/{vuln_type}',
    tag: 'Images',
    summary: 'List the vulnerabilities of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({
      image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/),
      vuln_type: z.enum(['os', 'non-os', 'all']),
    }),
    query: z.object({
      force_refresh: queryBoolean().default(false),
      include_vuln_description: queryBoolean().default(false),
      vendor_only: queryBoolean().default(true),
      base_digest: z.string().optional(),
    }),
    success: { status: 200, schema: ImagePackageVulnerabilityResponse },
    errors: [400, 403, 404, 500],
  }),
};
