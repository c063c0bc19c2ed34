import { z } from 'zod';
import { queryInteger, queryList, timestamp } from './fields.ts';
import { NvdDataList, VendorDataList } from './image-vulnerabilities.ts';
import { defineOperation } from './operation.ts';

/** Part of `PaginatedImageList`, `PaginatedVulnerabilityList`. */
export const PaginationProperties = z
  .object({
    page: z.string().optional(),
    next_page: z.string().optional(),
    returned_count: z.int().optional(),
  })
  .meta({ id: 'PaginationProperties' });
export type PaginationProperties = z.output<typeof PaginationProperties>;

/** Part of `ImageReference`. */
export const TagEntry = z
  .object({
    full_tag: z.string().optional(),
    registry: z.string().optional(),
    repo: z.string().optional(),
    tag: z.string().optional(),
    tag_detected_at: timestamp.optional(),
  })
  .meta({ id: 'TagEntry' });
export type TagEntry = z.output<typeof TagEntry>;

/** Part of `ImageWithPackages`. */
export const ImageReference = z
  .object({
    image_digest: z.string().optional(),
    image_id: z.string().optional(),
    analyzed_at: z.string().optional(),
    tag_history: z.array(TagEntry).optional(),
  })
  .meta({ id: 'ImageReference' });
export type ImageReference = z.output<typeof ImageReference>;

/** Part of `ImageWithPackages`, `StandaloneVulnerability`. */
export const PackageReference = z
  .object({
    name: z.string().optional(),
    version: z.string().nullish(),
    type: z.string().optional(),
    will_not_fix: z.boolean().optional(),
  })
  .meta({ id: 'PackageReference' });
export type PackageReference = z.output<typeof PackageReference>;

/** Part of `PaginatedImageList`. */
export const ImageWithPackages = z
  .object({
    image: ImageReference.optional(),
    packages: z.array(PackageReference).optional(),
  })
  .meta({ id: 'ImageWithPackages' });
export type ImageWithPackages = z.output<typeof ImageWithPackages>;

/** Answer of `query_images_by_package`. */
export const PaginatedImageList = PaginationProperties.extend({
  images: z.array(ImageWithPackages).optional(),
}).meta({ id: 'PaginatedImageList' });
export type PaginatedImageList = z.output<typeof PaginatedImageList>;

/** Part of `StandaloneVulnerability`. */
export const VulnerabilityReference = z
  .object({
    source: z.string().optional(),
    tags: z.array(z.string()).optional(),
    url: z.string().optional(),
  })
  .meta({ id: 'VulnerabilityReference' });
export type VulnerabilityReference = z.output<typeof VulnerabilityReference>;

/** Part of `PaginatedVulnerabilityList`. */
export const StandaloneVulnerability = z
  .object({
    id: z.string().optional(),
    namespace: z.string().optional(),
    affected_packages: z.array(PackageReference).optional(),
    severity: z.enum(['Unknown', 'Negligible', 'Low', 'Medium', 'High', 'Critical']).optional(),
    link: z.string().optional(),
    nvd_data: NvdDataList.optional(),
    vendor_data: VendorDataList.optional(),
    description: z.string().optional(),
    references: z.array(VulnerabilityReference).optional(),
  })
  .meta({ id: 'StandaloneVulnerability' });
export type StandaloneVulnerability = z.output<typeof StandaloneVulnerability>;

/** Answer of `query_vulnerabilities`. */
export const PaginatedVulnerabilityList = PaginationProperties.extend({
  vulnerabilities: z.array(StandaloneVulnerability).optional(),
}).meta({ id: 'PaginatedVulnerabilityList' });
export type PaginatedVulnerabilityList = z.output<typeof PaginatedVulnerabilityList>;

/** Operations of query. */
export const queryOperations = {
  /** Find images that hold a package. */
  query_images_by_package: defineOperation({
    id: 'query_images_by_package',
    method: 'GET',
    path: '/query/images/by-package',
    tag: 'Query',
    summary: 'Find images that hold a package',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      name: z.string(),
      package_type: z.string().optional(),
      version: z.string().optional(),
      page: z.string().optional(),
      limit: queryInteger().optional(),
    }),
    success: { status: 200, schema: PaginatedImageList },
    errors: [400, 403, 500],
  }),
  /** Find vulnerability records and the packages they affect. */
  query_vulnerabilities: defineOperation({
    id: 'query_vulnerabilities',
    method: 'GET',
    path: '/query/vulnerabilities',
    tag: 'Query',
    summary: 'Find vulnerability records and the packages they affect',
    permission: 'authenticated',
    query: z.object({
      id: queryList(z.string()),
      affected_package: z.string().optional(),
      affected_package_version: z.string().optional(),
      page: z.string().default('1'),
      limit: queryInteger().optional(),
      namespace: queryList(z.string()).optional(),
    }),
    success: { status: 200, schema: PaginatedVulnerabilityList },
    errors: [400, 403, 500],
  }),
};
