/** What changes in the address; undefined takes a member away. */
export type SearchChange<T> = { [K in keyof T]?: T[K] | undefined };

/** The address after a change, without members that are undefined. */
export function changedSearch<T extends object>(search: T, change: SearchChange<T>): T {
  const members = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as T;
}
