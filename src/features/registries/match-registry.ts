/**
 * Picks the record that speaks for `registry/repository`: the most specific one wins. A record is a host, or a host
 * with a path, and may end in `*`; without the wildcard a path covers itself and everything below it.
 *
 * @param records patterns as stored, e.g. `registry.example.com:5000`, `registry.example.com/team/*`
 */
export function mostSpecificRegistry<R extends { registry: string }>(
  records: readonly R[],
  registry: string,
  repository: string,
): R | undefined {
  const name = `${registry}/${repository}`;
  let best: R | undefined;
  for (const record of records) {
    if (covers(record.registry, name) && (best === undefined || specificity(record) > specificity(best))) best = record;
  }
  return best;
}

function covers(pattern: string, name: string): boolean {
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return name === pattern || name.startsWith(`${pattern}/`);
}

/** Longer literal text is more specific; an exact path beats a wildcard of equal text. */
function specificity(record: { registry: string }): number {
  return record.registry.endsWith('*') ? record.registry.length * 2 - 3 : record.registry.length * 2;
}
