import type { Distro } from '../model/distro.ts';

/** A root directory (`/`, `/srv/chroot/`) and the distribution installed below it. */
export interface DistroRoot {
  root: string;
  distro: Distro;
}

/**
 * Makes the look-up that `CollectContext.distroFor` needs: the distribution of the nearest root above a path, else
 * the image's own. Roots end with `/`.
 */
export function distroLookup(roots: readonly DistroRoot[]): (path: string) => Distro | undefined {
  const byRoot = new Map(roots.map(({ root, distro }) => [root.endsWith('/') ? root : `${root}/`, distro]));
  const nested = byRoot.size - (byRoot.has('/') ? 1 : 0);
  return (path) => {
    if (nested > 0) {
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const distro = byRoot.get(path.slice(0, end + 1));
        if (distro) return distro;
      }
    }
    return byRoot.get('/');
  };
}
