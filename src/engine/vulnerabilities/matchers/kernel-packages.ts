import type { MatchablePackage } from '../types.ts';
import type { MatchContext, Search } from './context.ts';

/** Packages of header files that are built from the kernel's source but hold none of its code. */
const DEB_HEADERS = /^linux-(?:headers-.*|libc-dev(?:-.*)?|kbuild-.*)$/;
const DEB_KERNEL = /^linux-(?:image|modules|buildinfo|tools|cloud-tools|modules-extra|support|config|source|doc)\b/;
const RPM_KERNEL = /^kernel(?:-|$)/;

/** Why everything that a search of an OS package finds is taken away; undefined when it counts. */
export function hiddenSearch({ pkg, settings }: MatchContext, kind: Search['kind'], name: string): Search['hidden'] {
  const letter = pkg.name.charCodeAt(0);
  // Most names begin with neither `k` nor `l`.
  if (letter !== 107 && letter !== 108) return undefined;
  if (settings.kernelHeaders !== 'report' && kind === 'exact-indirect' && isHeaders(pkg, name)) {
    const reason = `${pkg.name} holds header files of ${name} only, not the vulnerable code`;
    return { rule: 'kernel-headers', reason };
  }
  if (settings.kernelPackages !== 'suppress' || !isKernel(pkg)) return undefined;
  return {
    rule: 'kernel-package',
    reason: `${pkg.name} is a part of the kernel, which a container does not boot (setting kernel_packages)`,
  };
}

function isHeaders(pkg: MatchablePackage, source: string): boolean {
  if (pkg.type === 'rpm') return pkg.name === 'kernel-headers' && source === 'kernel';
  return pkg.type === 'deb' && (source === 'linux' || source.startsWith('linux-')) && DEB_HEADERS.test(pkg.name);
}

/** Is the package the kernel of the operating system, a part of it or its headers? */
export function isKernel({ type, name, upstreams }: Pick<MatchablePackage, 'type' | 'name' | 'upstreams'>): boolean {
  if (type === 'linux-kernel' || type === 'linux-kernel-module') return true;
  if (type === 'rpm') return RPM_KERNEL.test(name);
  if (type !== 'deb') return type === 'apk' && /^linux-(?:lts|virt|edge|rpi)\b/.test(name);
  const ofKernel = upstreams.some((upstream) => upstream.name === 'linux' || upstream.name.startsWith('linux-'));
  return DEB_KERNEL.test(name) || (ofKernel && DEB_HEADERS.test(name));
}
