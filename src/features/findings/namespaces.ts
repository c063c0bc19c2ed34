/**
 * Names by which clients ask for a namespace of records. Older interfaces used groups such as `debian:12`,
 * `github:python`, `nvd` and `nvdv2:cves`; records carry `debian:distro:debian:12`, `github:language:python`, `nvd:cpe`.
 */
export function namespaceMatches(wanted: string, namespace: string): boolean {
  if (wanted === namespace) return true;
  const parts = namespace.split(':');
  if (parts[0] === 'nvd') return wanted === 'nvd' || wanted.startsWith('nvdv2:');
  if (parts[1] === 'distro') return wanted === `${parts[2]}:${parts[3]}` || wanted === `${parts[0]}:${parts[3]}`;
  if (parts[1] === 'language') return wanted === `${parts[0]}:${parts[2]}`;
  return false;
}
