/** A cache bounded by the weight of what it holds. */
export interface WeightedCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, weight: number): void;
}

/** Makes a cache that keeps between half of the limit and the limit, recently used entries first. */
export function weightedCache<V>(limit: number): WeightedCache<V> {
  // Two generations: reads move entries into the young one, and a full young one becomes the old one.
  let young = new Map<string, { value: V; weight: number }>();
  let old = new Map<string, { value: V; weight: number }>();
  let weight = 0;
  const put = (key: string, entry: { value: V; weight: number }): void => {
    if (weight + entry.weight > limit / 2 && young.size > 0) {
      old = young;
      young = new Map();
      weight = 0;
    }
    young.set(key, entry);
    weight += entry.weight;
  };
  return {
    get: (key) => {
      const entry = young.get(key);
      if (entry !== undefined) return entry.value;
      const former = old.get(key);
      if (former === undefined) return undefined;
      old.delete(key);
      put(key, former);
      return former.value;
    },
    set: (key, value, entryWeight) => put(key, { value, weight: entryWeight }),
  };
}
