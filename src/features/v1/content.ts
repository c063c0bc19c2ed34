import { v1ContentOperations } from '#contract/v1/images.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated, type V1Handlers, type V1Request } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';
import { v1Vulnerability } from './vulnerability-words.ts';

/** Documents about an image that the first generation serves as content as well. */
const DOCUMENTS = new Set(['manifest', 'dockerfile', 'docker_history']);
/** Content types that came with the second generation and have another form. */
const NEW_TYPES = new Set(['licenses']);

/** Handlers of what an image holds. */
export const contentHandlers: V1Handlers<typeof v1ContentOperations> = {
  list_image_metadata: same,
  get_image_metadata_by_type: translated(v1Digest),
  list_image_content: translated((types) => types.filter((type) => !NEW_TYPES.has(type))),
  get_image_content_by_type_files: translated(v1Digest),
  get_image_content_by_type_malware: translated(v1Digest),
  get_image_content_by_type_java_package: translated(v1Digest),
  get_image_content_by_type: contentOfType,
  get_image_vulnerability_types: same,
  get_image_vulnerabilities_by_digest: translated((report) => {
    const { image_digest, vulnerability_type, vulnerabilities = [] } = report;
    return { imageDigest: image_digest, vulnerability_type, vulnerabilities: vulnerabilities.map(v1Vulnerability) };
  }),
  list_retrieved_files: same,
  list_file_content_search_results: same,
  list_secret_search_results: same,
};

/** Routes of what an image holds. */
export function v1ContentRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(v1ContentOperations, contentHandlers, v2);
}

async function contentOfType({ next, call, params }: V1Request<'get_image_content_by_type'>): Promise<unknown> {
  const { image_digest, content_type = '' } = params;
  if (!DOCUMENTS.has(content_type)) return v1Digest(await next({ params: { image_digest, content_type } }));
  const document = await call('get_image_metadata_by_type', { params: { image_digest, metadata_type: content_type } });
  return { imageDigest: document.image_digest, content_type, content: document.metadata };
}

function v1Digest<T extends { image_digest?: string | undefined }>({ image_digest, ...rest }: T) {
  return { imageDigest: image_digest, ...rest };
}
