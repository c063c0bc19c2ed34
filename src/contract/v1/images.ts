import { z } from 'zod';
import { queryBoolean, queryInteger } from '../fields.ts';
import { type V1Difference, type V2Id, v1Operation } from './operation.ts';

/** Body of the first generation's add: a tag or digest at the top, or a `source` as in the second. */
export const V1ImageRequest = z.object({
  dockerfile: z.string().nullish(),
  digest: z.string().nullish(),
  tag: z.string().nullish(),
  created_at: z.string().nullish(),
  image_type: z.string().nullish(),
  annotations: z.record(z.string(), z.unknown()).nullish(),
  source: z.record(z.string(), z.record(z.string(), z.unknown()).nullish()).nullish(),
});
export type V1ImageRequest = z.output<typeof V1ImageRequest>;

const ById = z.object({ image_id: z.string().regex(/^(sha256:)?[a-fA-F0-9]{64}$/) });

/** The same operation on an image named by the id of its configuration. */
function byId<K extends V2Id>(of: K, id: string, path: string, difference: V1Difference = {}) {
  const params = ById.extend(
    Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, z.string()])),
  );
  return v1Operation(of, { id, path: `/images/by_id/{image_id}${path}`, params, ...difference });
}

const CHECK = { rename: { policy_id: 'policyId' }, extend: { tag: z.string().optional() } };

/** Images: adding, listing, reading, deleting. */
export const v1ImageOperations = {
  list_images: v1Operation('list_images', { rename: { full_tag: 'fulltag' } }),
  add_image: v1Operation('add_image', { rename: { auto_subscribe: 'autosubscribe' }, body: V1ImageRequest }),
  delete_images_async: v1Operation('delete_images_async', { rename: { image_digests: 'imageDigests' } }),
  get_image: v1Operation('get_image'),
  delete_image: v1Operation('delete_image'),
  list_imagetags: v1Operation('summary_image_tags', { id: 'list_imagetags', path: '/summaries/imagetags' }),
  get_image_policy_check: v1Operation('get_image_policy_check_by_digest', { id: 'get_image_policy_check', ...CHECK }),
};

/** What an image holds. */
export const v1ContentOperations = {
  list_image_metadata: v1Operation('list_image_metadata'),
  get_image_metadata_by_type: v1Operation('get_image_metadata_by_type'),
  list_image_content: v1Operation('list_image_content'),
  get_image_content_by_type_files: v1Operation('get_image_content_by_type_files'),
  get_image_content_by_type_malware: v1Operation('get_image_content_by_type_malware'),
  get_image_content_by_type_java_package: v1Operation('get_image_content_by_type_java_package'),
  get_image_content_by_type: v1Operation('get_image_content_by_type'),
  get_image_vulnerability_types: v1Operation('get_image_vulnerability_types'),
  get_image_vulnerabilities_by_digest: v1Operation('get_image_vulnerabilities_by_digest', {
    id: 'get_image_vulnerabilities_by_type',
  }),
  list_retrieved_files: v1Operation('list_retrieved_files', {
    path: '/images/{image_digest}/artifacts/retrieved_files',
  }),
  list_file_content_search_results: v1Operation('list_file_content_search_results', {
    path: '/images/{image_digest}/artifacts/file_content_search',
  }),
  list_secret_search_results: v1Operation('list_secret_search_results', {
    path: '/images/{image_digest}/artifacts/secret_search',
  }),
};

/** Images named by the id of their configuration; the second generation filters its list instead. */
export const v1ImageByIdOperations = {
  get_image: byId('get_image', 'get_image_by_image_id', ''),
  delete_image: byId('delete_image', 'delete_image_by_image_id', ''),
  get_image_policy_check: byId(
    'get_image_policy_check_by_digest',
    'get_image_policy_check_by_image_id',
    '/check',
    CHECK,
  ),
  list_image_content: byId('list_image_content', 'list_image_content_by_image_id', '/content'),
  get_image_content_by_type_files: byId(
    'get_image_content_by_type_files',
    'get_image_content_by_image_id_files',
    '/content/files',
  ),
  get_image_content_by_type_java_package: byId(
    'get_image_content_by_type_java_package',
    'get_image_content_by_image_id_java_package',
    '/content/java',
  ),
  get_image_content_by_type: byId(
    'get_image_content_by_type',
    'get_image_content_by_image_id',
    '/content/{content_type}',
  ),
  get_image_vulnerability_types: byId(
    'get_image_vulnerability_types',
    'get_image_vulnerability_types_by_image_id',
    '/vuln',
  ),
  get_image_vulnerabilities_by_digest: byId(
    'get_image_vulnerabilities_by_digest',
    'get_image_vulnerabilities_by_image_id',
    '/vuln/{vuln_type}',
  ),
};

/** Searches over all images. */
export const v1QueryOperations = {
  query_images_by_package: v1Operation('query_images_by_package', { path: '/query/images/by_package' }),
  query_images_by_vulnerability: v1Operation('query_images_by_package', {
    id: 'query_images_by_vulnerability',
    path: '/query/images/by_vulnerability',
    query: z.object({
      vulnerability_id: z.string(),
      namespace: z.string().optional(),
      affected_package: z.string().optional(),
      severity: z.enum(['Unknown', 'Negligible', 'Low', 'Medium', 'High', 'Critical']).optional(),
      vendor_only: queryBoolean().default(true),
      page: z.string().optional(),
      limit: queryInteger().optional(),
    }),
  }),
  query_vulnerabilities: v1Operation('query_vulnerabilities'),
};
