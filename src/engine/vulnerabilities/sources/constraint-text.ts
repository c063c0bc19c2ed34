/** A version as a constraint writes it: quoted where it holds a character of the grammar. */
export function quoted(version: string): string {
  if (!/[\s,|<>=!"']/.test(version)) return version;
  return version.includes('"') ? `'${version}'` : `"${version}"`;
}

/** A constraint from its bounds; '' is "all versions". */
export function constraintOf(bounds: readonly (readonly [operator: string, version: string])[]): string {
  return bounds.map(([operator, version]) => `${operator} ${quoted(version)}`).join(', ');
}
