import type { Match, MatchablePackage } from '../types.ts';

/** Packages of header files that are built from the kernel's source but hold none of its code. */
const DEB_HEADERS = /^linux-(?:headers-.*|libc-dev(?:-.*)?|kbuild-.*)$/;

/** Why a match of a kernel header package through its source is no finding; undefined when it is none. */
export function kernelHeadersReason(
  pkg: MatchablePackage,
  match: Pick<Match, 'kind' | 'searchedBy'>,
): string | undefined {
  if (match.kind !== 'exact-indirect') return undefined;
  const source = match.searchedBy.name;
  const rpm = pkg.type === 'rpm' && pkg.name === 'kernel-headers' && source === 'kernel';
  const deb = pkg.type === 'deb' && DEB_HEADERS.test(pkg.name) && (source === 'linux' || source.startsWith('linux-'));
  return rpm || deb ? `${pkg.name} holds header files of ${source} only, not the vulnerable code` : undefined;
}
