/** A change that one request made among others, or tried to make. */
export interface NotedChange {
  /** What it was, and what it was made on; no secrets. */
  params: Record<string, unknown>;
  /** Undefined: it succeeded, unless the whole request failed. */
  failure?: { status: number; reason: string };
}

const noted = new WeakMap<object, readonly NotedChange[]>();

/**
 * Tells what a request changes whose operation does not say so: each change has an entry of its own. To be called by the
 * handler with its input: before the work, and again when it is known how each change ended.
 */
export function noteChanges(input: object, changes: readonly NotedChange[]): void {
  noted.set(input, changes);
}

/** What was noted for a request. */
export function notedChanges(input: object): readonly NotedChange[] {
  return noted.get(input) ?? [];
}
