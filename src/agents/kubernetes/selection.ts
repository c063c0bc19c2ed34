/** Which namespaces are reported. */
export interface NamespaceSelection {
  /** Names; none means every namespace. */
  include: string[];
  /** Names or regular expressions over the whole name; win over `include`. */
  exclude: RegExp[];
  /** Leaves out namespaces without pods instead of reporting them empty. */
  ignoreEmpty: boolean;
}

/** Whether a namespace of this name is reported. */
export function selects({ include, exclude }: NamespaceSelection, name: string): boolean {
  return (include.length === 0 || include.includes(name)) && !exclude.some((one) => one.test(name));
}

/** Which labels and annotations are reported; undefined means all. */
export interface MetadataFilter {
  labels: RegExp[] | undefined;
  annotations: RegExp[] | undefined;
}

/** The entries whose key a pattern matches. */
export function filtered(entries: Record<string, string>, patterns: RegExp[] | undefined): Record<string, string> {
  if (!patterns) return entries;
  return Object.fromEntries(Object.entries(entries).filter(([key]) => patterns.some((one) => one.test(key))));
}
