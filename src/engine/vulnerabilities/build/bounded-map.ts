/** A map that forgets its oldest entries beyond a size. */
export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
}

/** Makes a map of at most `limit` entries. The least recently used tenth goes first. */
export function boundedMap<K, V>(limit: number): BoundedMap<K, V> {
  // Two generations: reads move entries into the young one, and a full young one becomes the old one.
  let young = new Map<K, V>();
  let old = new Map<K, V>();
  const half = Math.max(1, Math.floor(limit / 2));
  const put = (key: K, value: V): void => {
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    get: (key) => {
      const value = young.get(key);
      if (value !== undefined) return value;
      const former = old.get(key);
      if (former !== undefined) put(key, former);
      return former;
    },
    set: put,
  };
}
