interface Batch {
  keys: object[];
  answers: Promise<Map<object, unknown>>;
}

/** Joins what the fields of one level ask for into one question to the database. */
export interface Batches {
  /**
   * What `fetch` gives for a key. Calls with one `name` before the next pause of the event loop are one call of `fetch`
   * with all their keys; `name` must tell arguments apart.
   */
  load<K extends object, V>(name: string, key: K, fetch: (keys: K[]) => Promise<Map<K, V>>): Promise<V | undefined>;
}

export function createBatches(): Batches {
  const open = new Map<string, Batch>();
  return {
    async load<K extends object, V>(name: string, key: K, fetch: (keys: K[]) => Promise<Map<K, V>>) {
      let batch = open.get(name);
      if (!batch) {
        const keys: object[] = [];
        const answers = new Promise<Map<object, unknown>>((resolve, reject) => {
          // After the promises that are settled already: they bring the siblings of this key.
          const start = () =>
            process.nextTick(() => {
              open.delete(name);
              fetch([...new Set(keys)] as K[]).then(resolve, reject);
            });
          queueMicrotask(start);
        });
        batch = { keys, answers };
        open.set(name, batch);
      }
      batch.keys.push(key);
      return (await batch.answers).get(key) as V | undefined;
    },
  };
}
