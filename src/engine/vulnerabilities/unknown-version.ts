/** True for a version that says nothing: empty or `unknown`. Such a package is not searched for. */
export function isUnknownVersion(version: string): boolean {
  const bare = version.trim().toLowerCase();
  return bare === '' || bare === 'unknown' || bare === '(none)';
}
