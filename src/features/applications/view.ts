import type {
  Application,
  ApplicationVersion,
  ArtifactAssociationMetadata,
  ImageArtifact,
  Source,
} from '#contract/applications-schemas.ts';
import type { ImageRow } from '#features/images/index.ts';
import type { SourceName } from '#features/sources/index.ts';
import { present } from '#shared/present.ts';
import type { ApplicationRow, AssociationRow, VersionRow } from './store.ts';

/** `Application` of the V2 API, with its versions when they are given. */
export function applicationView(row: ApplicationRow, versions?: readonly VersionRow[]): Application {
  return {
    application_id: row.uuid,
    name: row.name,
    description: row.description,
    ...(versions ? { application_versions: versions.map(versionView) } : {}),
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** `ApplicationVersion` of the V2 API. */
export function versionView(row: VersionRow): ApplicationVersion {
  return {
    application_version_id: row.uuid,
    application_id: row.application,
    version_name: row.version_name,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** When and by which id an artifact belongs to a version. */
export function associationView(row: AssociationRow): ArtifactAssociationMetadata {
  return {
    association_id: row.uuid,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  };
}

/** `ImageArtifact` of the V2 API. An image that is gone is `inactive`. */
export function imageArtifact(account: string, digest: string, row: ImageRow | undefined): ImageArtifact {
  if (!row) return { account_name: account, image_digest: digest, image_status: 'inactive' };
  return present({
    account_name: row.account,
    image_digest: row.digest,
    distro: row.distro_id,
    distro_version: row.distro_version,
    analysis_status: row.analysis_status,
    image_status: row.image_status,
    analyzed_at: row.analyzed_at?.toISOString(),
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
  });
}

/** A source that is gone: what the association remembers of it. */
export function goneSource({ account, artifact_id, source_name }: AssociationRow): Source {
  return {
    uuid: artifact_id,
    account_name: account,
    ...((source_name ?? {}) as SourceName),
    source_status: 'inactive',
  };
}
