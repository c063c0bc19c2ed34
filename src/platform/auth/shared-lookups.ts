/**
 * Lets callers that ask for the same key at about the same time share one lookup. A caller never gets the result of a
 * lookup that began before it asked: what was committed before a request is seen by it.
 */
export function sharedLookups<T>(find: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, { now: Promise<T>; next: Promise<T> | undefined }>();

  function begin(key: string): Promise<T> {
    const entry = { now: find(key), next: undefined as Promise<T> | undefined };
    running.set(key, entry);
    const ended = (): void => {
      if (entry.next === undefined) running.delete(key);
    };
    entry.now.then(ended, ended);
    return entry.now;
  }

  return (key) => {
    const entry = running.get(key);
    if (!entry) return begin(key);
    const again = (): Promise<T> => begin(key);
    entry.next ??= entry.now.then(again, again);
    return entry.next;
  };
}
