import type { TarEntry } from '../formats/tar/index.ts';
import type { ProblemList } from './problem-list.ts';

/** What a layer hides of the layers below it (OCI image spec, "Whiteouts"; overlayfs' own form as well). */
export class LayerChanges {
  readonly #whiteouts = new Set<string>();
  readonly #opaques = new Set<string>();
  readonly #problems: ProblemList;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** Paths of lower layers that are hidden, sorted. */
  get whiteouts(): string[] {
    return [...this.#whiteouts].sort();
  }

  /** Directories whose lower content is hidden, sorted. */
  get opaques(): string[] {
    return [...this.#opaques].sort();
  }

  /** Takes note of an entry; true when it only hides something and is no file of its own. */
  take(path: string, entry: TarEntry): boolean {
    const slash = path.lastIndexOf('/');
    if (path.startsWith('.wh.', slash + 1)) {
      this.#whiteout(path.slice(0, slash), path.slice(slash + 5), path);
      return true;
    }
    if (entry.type === 'character-device' && entry.deviceMajor === 0 && entry.deviceMinor === 0) {
      this.#whiteouts.add(path); // overlayfs writes whiteouts as devices 0:0
      return true;
    }
    if (entry.type === 'directory' && isOpaque(entry)) this.#opaques.add(path);
    return false;
  }

  /** `.wh.NAME` hides NAME of lower layers; `.wh..wh..opq` all of its directory; other `.wh..wh.` names are aufs' own. */
  #whiteout(directory: string, hidden: string, path: string): void {
    if (hidden === '.wh..opq') this.#opaques.add(directory === '' ? '/' : directory);
    else if (hidden === '' || hidden === '.' || hidden === '..') {
      this.#problems.add('whiteout-invalid', 'A whiteout names no file and was ignored.', path, 'note');
    } else if (!hidden.startsWith('.wh.')) this.#whiteouts.add(`${directory}/${hidden}`);
  }
}

function isOpaque(entry: TarEntry): boolean {
  for (const name of ['trusted.overlay.opaque', 'user.overlay.opaque']) {
    const value = entry.xattrs?.get(name);
    if (value?.length === 1 && value[0] === 0x79) return true;
  }
  return false;
}
