import type { ImageView, LocatedFact } from '../image/types.ts';
import type { PackageLocation } from '../model/package.ts';

/**
 * Location of the file that gave a fact.
 * `inner` is the path inside the archive at that path (`WEB-INF/lib/a.jar!/b.jar`), when there is one.
 */
export function locate(
  image: ImageView,
  located: Pick<LocatedFact<unknown>, 'path' | 'layer'>,
  evidence: PackageLocation['evidence'] = 'primary',
  inner = '',
): PackageLocation {
  const layer = image.layers[located.layer]?.digest;
  const path = inner === '' ? located.path : `${located.path}!/${inner}`;
  return layer === undefined ? { path, evidence } : { path, layer, evidence };
}

/** Directory of an absolute path, without a slash at its end; the root is the empty string. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Last component of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
