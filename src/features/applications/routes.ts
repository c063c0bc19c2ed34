import { applicationsOperations } from '#contract/applications.ts';
import type { ArtifactAssociationResponse } from '#contract/applications-schemas.ts';
import { sourceView } from '#features/sources/index.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ApplicationReports } from './reports.ts';
import type { ApplicationService, AssociatedArtifact } from './service.ts';
import { applicationView, associationView, goneSource, imageArtifact, versionView } from './view.ts';

/** Handlers of the application operations. */
export function applicationRoutes(deps: {
  applications: ApplicationService;
  reports: ApplicationReports;
}): BoundOperation[] {
  const { applications, reports } = deps;
  return bindOperations(applicationsOperations, {
    async get_applications({ account, query }) {
      const versions = query.include_versions ? await applications.allVersions(account) : undefined;
      return (await applications.list(account)).map((row) =>
        applicationView(row, versions && (versions.get(row.uuid) ?? [])),
      );
    },
    add_application: async ({ account, body }) => applicationView(await applications.add(account, body)),
    async get_application({ account, params, query }) {
      const row = await applications.get(account, params.application_id);
      const versions = query.include_versions ? await applications.versions(account, row.uuid) : undefined;
      return applicationView(row, versions);
    },
    update_application: async ({ account, params, body }) =>
      applicationView(await applications.update(account, params.application_id, body)),
    delete_application: ({ account, params }) => applications.remove(account, params.application_id),
    get_application_versions: async ({ account, params }) =>
      (await applications.versions(account, params.application_id)).map(versionView),
    add_application_version: async ({ account, params, body }) =>
      versionView(await applications.addVersion(account, params.application_id, body)),
    get_application_version: async ({ account, params }) =>
      versionView(await applications.getVersion(account, params.application_id, params.application_version_id)),
    update_application_version: async ({ account, params, body }) =>
      versionView(
        await applications.updateVersion(account, params.application_id, params.application_version_id, body),
      ),
    delete_application_version: ({ account, params }) =>
      applications.removeVersion(account, params.application_id, params.application_version_id),
    async list_artifacts({ account, params, query }) {
      const version = await applications.getVersion(account, params.application_id, params.application_version_id);
      const artifacts = (await applications.artifacts(account, version, query.artifact_types)).map((artifact) => ({
        type: artifact.type,
        ...artifactView(account, artifact),
      }));
      const ofType = (wanted: 'image' | 'source') =>
        artifacts.filter(({ type }) => type === wanted).map(({ type: _, ...artifact }) => artifact);
      return { associated_source_artifacts: ofType('source'), associated_image_artifacts: ofType('image') };
    },
    add_artifact_to_application_version: async ({ account, params, body }) =>
      artifactView(
        account,
        await applications.associate(account, params.application_id, params.application_version_id, body),
      ),
    remove_artifact_from_application_version: ({ account, params }) =>
      applications.dissociate(account, params.application_id, params.application_version_id, params.association_id),
    get_application_version_sbom: ({ account, params, query }) =>
      reports.sbom(account, params.application_id, params.application_version_id, query.artifact_types),
    get_application_version_vulnerabilities: ({ account, params, query }) =>
      reports.vulnerabilities(account, params.application_id, params.application_version_id, {
        willNotFix: query.will_not_fix,
      }),
  });
}

function artifactView(account: string, artifact: AssociatedArtifact): ArtifactAssociationResponse {
  const { association } = artifact;
  return {
    artifact_association_metadata: associationView(association),
    ...(artifact.type === 'image'
      ? { image: imageArtifact(account, association.artifact_id, artifact.image) }
      : { source: artifact.source ? sourceView(artifact.source) : goneSource(association) }),
  };
}
