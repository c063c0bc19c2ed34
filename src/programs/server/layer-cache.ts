import type { LayerCache } from '#engine/analysis/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';

const PREFIX = 'layers';

/** Layer records in the object store, shared by all workers. A cache: failures to write are reported and harmless. */
export function createLayerCache(objects: ObjectStore, onError: (error: unknown) => void): LayerCache {
  const path = (key: string): string => `${PREFIX}/${key.replace(/[^A-Za-z0-9._-]/g, '-')}`;
  return {
    get: (key) => objects.get(path(key)),
    async put(key, bytes) {
      try {
        await objects.put(path(key), bytes);
      } catch (error) {
        onError(error);
      }
    },
  };
}
