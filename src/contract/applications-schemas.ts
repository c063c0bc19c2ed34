import { z } from 'zod';
import { timestamp } from './fields.ts';
import { CVSSV2Scores, CVSSV3Scores } from './image-vulnerabilities.ts';

/** Body of `add_application_version`, `update_application_version`. */
export const ApplicationVersion = z
  .object({
    application_version_id: z.string().optional(),
    application_id: z.string().optional(),
    version_name: z.string(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'ApplicationVersion' });
export type ApplicationVersion = z.output<typeof ApplicationVersion>;

/** Answer of `get_application_versions`. */
export const ApplicationVersionList = z.array(ApplicationVersion).meta({ id: 'ApplicationVersionList' });
export type ApplicationVersionList = z.output<typeof ApplicationVersionList>;

/** Body of `add_application`, `update_application`. */
export const Application = z
  .object({
    application_id: z.string().optional(),
    name: z.string().optional(),
    description: z.string().optional(),
    application_versions: ApplicationVersionList.optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'Application' });
export type Application = z.output<typeof Application>;

/** Answer of `get_applications`. */
export const ApplicationList = z.array(Application).meta({ id: 'ApplicationList' });
export type ApplicationList = z.output<typeof ApplicationList>;

/** Part of `ArtifactAssociationResponse`, `AssociatedImageArtifact`, `AssociatedSourceArtifact`. */
export const ArtifactAssociationMetadata = z
  .object({
    association_id: z.string().optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'ArtifactAssociationMetadata' });
export type ArtifactAssociationMetadata = z.output<typeof ArtifactAssociationMetadata>;

/** Part of `ArtifactAssociationResponse`, `AssociatedSourceArtifact`, `SourcesList`. */
export const Source = z
  .object({
    uuid: z.string().optional(),
    account_name: z.string().optional(),
    host: z.string().optional(),
    repository_name: z.string().optional(),
    revision: z.string().optional(),
    analysis_status: z.enum(['not_analyzed', 'analyzed', 'analyzing', 'analysis_failed']).optional(),
    source_status: z.enum(['active', 'inactive', 'deleting']).optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'Source' });
export type Source = z.output<typeof Source>;

/** Part of `ArtifactListResponse`. */
export const AssociatedSourceArtifact = z
  .object({
    artifact_association_metadata: ArtifactAssociationMetadata.optional(),
    source: Source.optional(),
  })
  .meta({ id: 'AssociatedSourceArtifact' });
export type AssociatedSourceArtifact = z.output<typeof AssociatedSourceArtifact>;

/** Part of `ArtifactAssociationResponse`, `AssociatedImageArtifact`. */
export const ImageArtifact = z
  .object({
    account_name: z.string().optional(),
    image_digest: z.string().optional(),
    distro: z.string().optional(),
    distro_version: z.string().optional(),
    analysis_status: z.string().optional(),
    image_status: z.string().optional(),
    analyzed_at: timestamp.optional(),
    created_at: timestamp.optional(),
    last_updated: timestamp.optional(),
  })
  .meta({ id: 'ImageArtifact' });
export type ImageArtifact = z.output<typeof ImageArtifact>;

/** Part of `ArtifactListResponse`. */
export const AssociatedImageArtifact = z
  .object({
    artifact_association_metadata: ArtifactAssociationMetadata.optional(),
    image: ImageArtifact.optional(),
  })
  .meta({ id: 'AssociatedImageArtifact' });
export type AssociatedImageArtifact = z.output<typeof AssociatedImageArtifact>;

/** Answer of `list_artifacts`. */
export const ArtifactListResponse = z
  .object({
    associated_source_artifacts: z.array(AssociatedSourceArtifact).optional(),
    associated_image_artifacts: z.array(AssociatedImageArtifact).optional(),
  })
  .meta({ id: 'ArtifactListResponse' });
export type ArtifactListResponse = z.output<typeof ArtifactListResponse>;

/** Body of `add_artifact_to_application_version`. */
export const ArtifactAssociationRequest = z
  .object({
    artifact_type: z.enum(['image', 'source']),
    artifact_keys: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ArtifactAssociationRequest' });
export type ArtifactAssociationRequest = z.output<typeof ArtifactAssociationRequest>;

/** Answer of `add_artifact_to_application_version`. */
export const ArtifactAssociationResponse = z
  .object({
    source: Source.optional(),
    image: ImageArtifact.optional(),
    artifact_association_metadata: ArtifactAssociationMetadata.optional(),
  })
  .meta({ id: 'ArtifactAssociationResponse' });
export type ArtifactAssociationResponse = z.output<typeof ArtifactAssociationResponse>;

/** Part of `ApplicationVersionSbom`. */
export const SourceSBOM = z.record(z.string(), z.unknown()).meta({ id: 'SourceSBOM' });
export type SourceSBOM = z.output<typeof SourceSBOM>;

/** Part of `ApplicationVersionSbom`. */
export const ImageSBOM = z.record(z.string(), z.unknown()).meta({ id: 'ImageSBOM' });
export type ImageSBOM = z.output<typeof ImageSBOM>;

/** An artifact of a version that an answer could not take in: it is gone, or not analysed. */
export const UnavailableArtifact = z
  .object({
    artifact_type: z.enum(['image', 'source']),
    artifact_id: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'UnavailableArtifact' });
export type UnavailableArtifact = z.output<typeof UnavailableArtifact>;

/** Answer of `get_application_version_sbom`. */
export const ApplicationVersionSbom = z
  .object({
    application: Application.optional(),
    application_version: ApplicationVersion.optional(),
    created_at: timestamp.optional(),
    source_sboms: z.array(SourceSBOM).optional(),
    image_sboms: z.array(ImageSBOM).optional(),
    /** Associated artifacts that have no SBOM now. */
    unavailable_artifacts: z.array(UnavailableArtifact).optional(),
  })
  .meta({ id: 'ApplicationVersionSbom' });
export type ApplicationVersionSbom = z.output<typeof ApplicationVersionSbom>;

/** Part of `ApplicationVersionVulnerabilityReport`. */
export const VersionVulnerabilityReportSource = z
  .object({
    uuid: z.string().optional(),
    host: z.string().optional(),
    repository_name: z.string().optional(),
    revision: z.string().optional(),
  })
  .meta({ id: 'VersionVulnerabilityReportSource' });
export type VersionVulnerabilityReportSource = z.output<typeof VersionVulnerabilityReportSource>;

/** Part of `ApplicationVersionVulnerabilityReport`. */
export const VersionVulnerabilityReportImage = z
  .object({
    image_digest: z.string().optional(),
  })
  .meta({ id: 'VersionVulnerabilityReportImage' });
export type VersionVulnerabilityReportImage = z.output<typeof VersionVulnerabilityReportImage>;

/** Part of `VersionVulnerabilityNVD`, `VersionVulnerabilityVendor`. */
export const VersionVulnerabilityVendorNVDCommon = z
  .object({
    cvss: z
      .object({
        cvss_v2: CVSSV2Scores.optional(),
        cvss_v3: CVSSV3Scores.optional(),
      })
      .optional(),
    description: z.string().optional(),
    severity: z.string().optional(),
    url: z.string().optional(),
  })
  .meta({ id: 'VersionVulnerabilityVendorNVDCommon' });
export type VersionVulnerabilityVendorNVDCommon = z.output<typeof VersionVulnerabilityVendorNVDCommon>;

/** Part of `VersionVulnerability`. */
export const VersionVulnerabilityNVD = VersionVulnerabilityVendorNVDCommon.extend({
  id: z.string().optional(),
}).meta({ id: 'VersionVulnerabilityNVD' });
export type VersionVulnerabilityNVD = z.output<typeof VersionVulnerabilityNVD>;

/** Part of `VersionVulnerability`. */
export const VersionVulnerabilityVendor = VersionVulnerabilityVendorNVDCommon.extend({
  feed: z.string().optional(),
  group: z.string().optional(),
  will_not_fix: z.boolean().optional(),
}).meta({ id: 'VersionVulnerabilityVendor' });
export type VersionVulnerabilityVendor = z.output<typeof VersionVulnerabilityVendor>;

/** Part of `VersionVulnerability`. */
export const VersionVulnerabilityMatch = z
  .object({
    fix: z.string().optional(),
    location: z
      .object({
        artifact: z
          .object({
            id: z.string().optional(),
            type: z.string().optional(),
          })
          .optional(),
        package: z
          .object({
            name: z.string().optional(),
            type: z.string().optional(),
            version: z.string().optional(),
            location: z.string().optional(),
          })
          .optional(),
      })
      .optional(),
  })
  .meta({ id: 'VersionVulnerabilityMatch' });
export type VersionVulnerabilityMatch = z.output<typeof VersionVulnerabilityMatch>;

/** Part of `ApplicationVersionVulnerabilityReport`. */
export const VersionVulnerability = z
  .object({
    id: z.string().optional(),
    nvd: z.array(VersionVulnerabilityNVD).optional(),
    vendor_data: VersionVulnerabilityVendor.optional(),
    matches: z.array(VersionVulnerabilityMatch).optional(),
  })
  .meta({ id: 'VersionVulnerability' });
export type VersionVulnerability = z.output<typeof VersionVulnerability>;

/** Answer of `get_application_version_vulnerabilities`. */
export const ApplicationVersionVulnerabilityReport = z
  .object({
    application: z
      .object({
        id: z.string().optional(),
        name: z.string().optional(),
        version_name: z.string().optional(),
        version_id: z.string().optional(),
        artifacts: z
          .object({
            sources: z.array(VersionVulnerabilityReportSource).optional(),
            images: z.array(VersionVulnerabilityReportImage).optional(),
          })
          .optional(),
      })
      .optional(),
    vulnerabilities: z.array(VersionVulnerability).optional(),
    /** Associated artifacts that are not reported on now. */
    unavailable_artifacts: z.array(UnavailableArtifact).optional(),
  })
  .meta({ id: 'ApplicationVersionVulnerabilityReport' });
export type ApplicationVersionVulnerabilityReport = z.output<typeof ApplicationVersionVulnerabilityReport>;
