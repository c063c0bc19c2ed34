import { getAnalysisDocument } from '#features/analyses/index.ts';
import type { ExplainableImage } from '#features/findings/index.ts';
import type { ObjectStore } from '#platform/objects/types.ts';

/** Images whose build steps are kept in memory: some hundred bytes for each layer. */
const CAPACITY = 500;

/** The step of the build that made each layer, by digest of the layer. */
export type LayerSteps = ReadonlyMap<string, string>;

/** Reads build steps of images, each analysis once. An analysis whose document is gone has none. */
export function createLayerSteps(objects: ObjectStore) {
  const known = new Map<string, LayerSteps>();
  return async (analysis: ExplainableImage['analysis']): Promise<LayerSteps> => {
    const cached = known.get(analysis.document_key);
    if (cached) return cached;
    const { layers } = await getAnalysisDocument(objects, analysis);
    const steps = new Map(
      layers.flatMap(({ digest, createdBy }) => (createdBy ? [[digest as string, createdBy]] : [])),
    );
    known.set(analysis.document_key, steps);
    if (known.size > CAPACITY) known.delete(known.keys().next().value as string);
    return steps;
  };
}
