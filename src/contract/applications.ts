import { z } from 'zod';
import {
  Application,
  ApplicationList,
  ApplicationVersion,
  ApplicationVersionList,
  ApplicationVersionSbom,
  ApplicationVersionVulnerabilityReport,
  ArtifactAssociationRequest,
  ArtifactAssociationResponse,
  ArtifactListResponse,
} from './applications-schemas.ts';
import { queryBoolean, queryList } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Operations of applications. */
export const applicationsOperations = {
  /** Read applications. */
  get_applications: defineOperation({
    id: 'get_applications',
    method: 'GET',
    path: '/applications',
    tag: 'Applications',
    summary: 'Read applications',
    permission: { action: 'getApplication', domain: 'account' },
    query: z.object({
      include_versions: queryBoolean().default(false),
    }),
    success: { status: 200, schema: ApplicationList },
    errors: [400, 403, 500],
  }),
  /** Add application. */
  add_application: defineOperation({
    id: 'add_application',
    method: 'POST',
    path: '/applications',
    tag: 'Applications',
    summary: 'Add application',
    permission: { action: 'createApplication', domain: 'account' },
    body: Application,
    success: { status: 200, schema: Application },
    errors: [400, 403, 409, 500],
  }),
  /** Read application versions. */
  get_application_versions: defineOperation({
    id: 'get_application_versions',
    method: 'GET',
    path: '/applications/{application_id}/versions',
    tag: 'Applications',
    summary: 'Read application versions',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string() }),
    success: { status: 200, schema: ApplicationVersionList },
    errors: [403, 404, 500],
  }),
  /** Add application version. */
  add_application_version: defineOperation({
    id: 'add_application_version',
    method: 'POST',
    path: '/applications/{application_id}/versions',
    tag: 'Applications',
    summary: 'Add application version',
    permission: { action: 'createApplication', domain: 'account' },
    params: z.object({ application_id: z.string() }),
    body: ApplicationVersion,
    success: { status: 200, schema: ApplicationVersion },
    errors: [400, 403, 404, 409, 500],
  }),
  /** List artifacts. */
  list_artifacts: defineOperation({
    id: 'list_artifacts',
    method: 'GET',
    path: '/applications/{application_id}/versions/{application_version_id}/artifacts',
    tag: 'Applications',
    summary: 'List artifacts',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    query: z.object({
      artifact_types: queryList(z.enum(['source', 'image'])).optional(),
    }),
    success: { status: 200, schema: ArtifactListResponse },
    errors: [403, 404, 500],
  }),
  /** Add artifact to application version. */
  add_artifact_to_application_version: defineOperation({
    id: 'add_artifact_to_application_version',
    method: 'POST',
    path: '/applications/{application_id}/versions/{application_version_id}/artifacts',
    tag: 'Applications',
    summary: 'Add artifact to application version',
    permission: { action: 'updateApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    body: ArtifactAssociationRequest,
    success: { status: 200, schema: ArtifactAssociationResponse },
    errors: [400, 403, 404, 500],
  }),
  /** Remove artifact from application version. */
  remove_artifact_from_application_version: defineOperation({
    id: 'remove_artifact_from_application_version',
    method: 'DELETE',
    path: '/applications/{application_id}/versions/{application_version_id}/artifacts/{association_id}',
    tag: 'Applications',
    summary: 'Remove artifact from application version',
    permission: { action: 'deleteApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string(), association_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** Read application version SBOM. */
  get_application_version_sbom: defineOperation({
    id: 'get_application_version_sbom',
    method: 'GET',
    path: '/applications/{application_id}/versions/{application_version_id}/sboms/native-json',
    tag: 'Applications',
    summary: 'Read application version SBOM',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    query: z.object({
      artifact_types: queryList(z.enum(['source', 'image'])).optional(),
    }),
    success: { status: 200, schema: ApplicationVersionSbom },
    errors: [403, 404, 500],
  }),
  /** Read application version vulnerabilities. */
  get_application_version_vulnerabilities: defineOperation({
    id: 'get_application_version_vulnerabilities',
    method: 'GET',
    path: '/applications/{application_id}/versions/{application_version_id}/vulnerabilities',
    tag: 'Applications',
    summary: 'Read application version vulnerabilities',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    query: z.object({
      will_not_fix: queryBoolean().optional(),
    }),
    success: { status: 200, schema: ApplicationVersionVulnerabilityReport },
    errors: [403, 404, 500],
  }),
  /** Read application version. */
  get_application_version: defineOperation({
    id: 'get_application_version',
    method: 'GET',
    path: '/applications/{application_id}/versions/{application_version_id}',
    tag: 'Applications',
    summary: 'Read application version',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    success: { status: 200, schema: ApplicationVersion },
    errors: [403, 404, 500],
  }),
  /** Update application version. */
  update_application_version: defineOperation({
    id: 'update_application_version',
    method: 'PUT',
    path: '/applications/{application_id}/versions/{application_version_id}',
    tag: 'Applications',
    summary: 'Update application version',
    permission: { action: 'updateApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    body: ApplicationVersion,
    success: { status: 200, schema: ApplicationVersion },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Delete application version. */
  delete_application_version: defineOperation({
    id: 'delete_application_version',
    method: 'DELETE',
    path: '/applications/{application_id}/versions/{application_version_id}',
    tag: 'Applications',
    summary: 'Delete application version',
    permission: { action: 'deleteApplication', domain: 'account' },
    params: z.object({ application_id: z.string(), application_version_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
  /** Read application. */
  get_application: defineOperation({
    id: 'get_application',
    method: 'GET',
    path: '/applications/{application_id}',
    tag: 'Applications',
    summary: 'Read application',
    permission: { action: 'getApplication', domain: 'account' },
    params: z.object({ application_id: z.string() }),
    query: z.object({
      include_versions: queryBoolean().default(false),
    }),
    success: { status: 200, schema: Application },
    errors: [403, 404, 500],
  }),
  /** Update application. */
  update_application: defineOperation({
    id: 'update_application',
    method: 'PUT',
    path: '/applications/{application_id}',
    tag: 'Applications',
    summary: 'Update application',
    permission: { action: 'updateApplication', domain: 'account' },
    params: z.object({ application_id: z.string() }),
    body: Application,
    success: { status: 200, schema: Application },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Delete application. */
  delete_application: defineOperation({
    id: 'delete_application',
    method: 'DELETE',
    path: '/applications/{application_id}',
    tag: 'Applications',
    summary: 'Delete application',
    permission: { action: 'deleteApplication', domain: 'account' },
    params: z.object({ application_id: z.string() }),
    success: { status: 204, schema: null },
    errors: [403, 404],
  }),
};
