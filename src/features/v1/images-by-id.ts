import { type v1ContentOperations, v1ImageByIdOperations, type v1ImageOperations } from '#contract/v1/images.ts';
import type { V1Operation, V2Id } from '#contract/v1/operation.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, type V1Handler, type V1Handlers, type V1Request } from './bind.ts';
import { contentHandlers } from './content.ts';
import { imageHandlers, imageNotFound } from './images.ts';
import type { SecondGeneration } from './second-generation.ts';

const BY_DIGEST = { ...imageHandlers, ...contentHandlers } as Record<string, V1Handler>;
type Name = keyof typeof v1ImageByIdOperations & (keyof typeof v1ImageOperations | keyof typeof v1ContentOperations);

/** Routes of images named by the id of their configuration: each does what its namesake by digest does. */
export function v1ImageByIdRoutes(v2: SecondGeneration): BoundOperation[] {
  const handlers = Object.fromEntries(
    Object.keys(v1ImageByIdOperations).map((name) => [name, byDigest(BY_DIGEST[name as Name]!)]),
  );
  return bindV1(
    v1ImageByIdOperations as Record<string, V1Operation>,
    handlers as V1Handlers<Record<string, V1Operation<V2Id>>>,
    v2,
  );
}

function byDigest(handler: V1Handler): V1Handler {
  return async (request) => {
    const { image_id: id = '', ...others } = request.params;
    const params = { ...others, image_digest: await digestOf(request, id) };
    return handler({ ...request, params, next: (parts) => request.next({ params, ...parts }) });
  };
}

/** Digest of the newest image with this id: rebuilt manifests share a configuration. */
async function digestOf({ call }: V1Request, id: string): Promise<string> {
  const { items = [] } = await call('list_images', { query: { image_id: id.replace(/^sha256:/, '').toLowerCase() } });
  const newest = items.at(-1)?.image_digest;
  if (!newest) throw imageNotFound(id);
  return newest;
}
