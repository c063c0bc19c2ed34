import type { RunningState } from '#contract/windlass-inventory.ts';

/** States of images that run, the unknown ones first. */
export const RUNNING_STATES = [
  'not_in_catalog',
  'not_analyzed',
  'analyzing',
  'analysis_failed',
  'analyzed',
] as const satisfies readonly RunningState[];

/** The part of the inventory that is shown, as it stands in the address. */
export interface RuntimeSearch {
  cluster?: string;
  namespace?: string;
  workload?: string;
  /** List images instead of parts; of these states alone. */
  images?: 'all' | 'unknown';
}

/** Reads the address; what it does not understand is left out. */
export function runtimeSearch(raw: Record<string, unknown>): RuntimeSearch {
  const part = (value: unknown) =>
    typeof value === 'number' ? String(value) : typeof value === 'string' && value ? value : undefined;
  const cluster = part(raw.cluster);
  const namespace = cluster === undefined ? undefined : part(raw.namespace);
  const workload = namespace === undefined ? undefined : part(raw.workload);
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(workload === undefined ? {} : { workload }),
    ...(raw.images === 'all' || raw.images === 'unknown' ? { images: raw.images } : {}),
  };
}

/** The parts that the shown one is made of; undefined for a workload, which has only images. */
export function levelOf(search: RuntimeSearch): 'cluster' | 'namespace' | 'workload' | undefined {
  if (search.cluster === undefined) return 'cluster';
  if (search.namespace === undefined) return 'namespace';
  return search.workload === undefined ? 'workload' : undefined;
}
