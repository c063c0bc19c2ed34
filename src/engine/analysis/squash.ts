import type { Problem } from '../model/problem.ts';
import { contentEntry, entryPath, type LayerRecord } from './layer-record.ts';
import { ProblemList } from './problem-list.ts';
import { impliedDirectory, literalNode, lookUp, type TreeNode } from './tree-node.ts';

/** The squashed tree and what was odd about making it. */
export interface Squashed {
  root: TreeNode;
  problems: { layer: number; problem: Problem }[];
}

/**
 * Applies layers in order, lowest first (OCI image spec, "Applying Changesets").
 *
 * A layer's whiteouts and opaque marks act on lower layers only, wherever they stand in its tar. They and directory
 * entries mean their literal path: a directory over a lower link replaces the link. Directories that no entry of the
 * layer names are reached as a runtime would reach them, through links; a link that climbs above the root is an escape.
 */
export function squash(records: readonly LayerRecord[]): Squashed {
  const root = impliedDirectory('', undefined, 0);
  const problems: Squashed['problems'] = [];
  for (const [layer, record] of records.entries()) {
    const list = new ProblemList();
    new LayerMerge(root, records, layer, list).run(record);
    for (const problem of list.finish()) problems.push({ layer, problem });
  }
  return { root, problems };
}

class LayerMerge {
  readonly #root: TreeNode;
  readonly #records: readonly LayerRecord[];
  readonly #layer: number;
  readonly #problems: ProblemList;
  #directories: Set<string> | undefined;
  #lastDirectory = '';
  #lastParent: TreeNode | undefined;

  constructor(root: TreeNode, records: readonly LayerRecord[], layer: number, problems: ProblemList) {
    this.#root = root;
    this.#records = records;
    this.#layer = layer;
    this.#problems = problems;
  }

  run(record: LayerRecord): void {
    for (const path of record.opaques) this.#applyOpaque(path);
    for (const path of record.whiteouts) this.#applyWhiteout(path);
    for (let entry = 0; entry < record.entries.count; entry++) this.#add(record, entry);
  }

  #applyOpaque(path: string): void {
    const node = literalNode(this.#root, path);
    if (node === undefined) return;
    if (node.children !== undefined) node.children.clear();
    else node.parent?.children?.delete(node.name);
  }

  #applyWhiteout(path: string): void {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const parent = this.#lowerDirectory(path.slice(0, slash));
    parent?.children?.delete(name);
  }

  /** Directory of lower layers that `path` means for a whiteout: through links, unless this layer replaces them. */
  #lowerDirectory(path: string): TreeNode | undefined {
    let node = this.#root;
    let literal = '';
    for (const name of path.split('/')) {
      if (name === '') continue;
      literal += `/${name}`;
      const child = node.children?.get(name);
      if (child?.link === undefined) {
        if (child === undefined) return undefined;
        node = child;
      } else {
        if (this.#hasDirectory(literal)) return undefined;
        const found = lookUp(this.#root, node, name, true);
        if ('failed' in found) return undefined;
        node = found.node;
      }
    }
    return node;
  }

  #add(record: LayerRecord, entry: number): void {
    const path = entryPath(record.entries, entry);
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, slash);
    const name = path.slice(slash + 1);
    const isDirectory = record.entries.types[entry] === 1;
    if (name === '') {
      if (isDirectory) this.#describe(this.#root, entry);
      return;
    }
    const parent = this.#parent(directory, path);
    if (parent === undefined) return;
    const existing = parent.children!.get(name);
    if (isDirectory && existing?.children !== undefined) {
      this.#describe(existing, entry);
      return;
    }
    const node: TreeNode = {
      name,
      parent,
      children: isDirectory ? new Map() : undefined,
      layer: this.#layer,
      entry,
      contentLayer: this.#layer,
      contentEntry: contentEntry(record.entries, entry),
      link: record.entries.types[entry] === 2 ? record.entries.links[record.entries.extras[entry]!]! : undefined,
    };
    if (record.entries.types[entry] === 3 && node.contentEntry < 0) this.#bindBelow(node, record, entry, path);
    if (existing?.children !== undefined || isDirectory) this.#lastParent = undefined;
    parent.children!.set(name, node);
  }

  #describe(node: TreeNode, entry: number): void {
    node.layer = this.#layer;
    node.entry = entry;
  }

  /** A hard link whose target is not in its own layer: some tools write links to files of lower layers. */
  #bindBelow(node: TreeNode, record: LayerRecord, entry: number, path: string): void {
    const target = record.entries.links[record.entries.extras[entry]!] ?? '';
    const found = lookUp(this.#root, this.#root, target, true);
    if ('node' in found && found.node.children === undefined && found.node.contentEntry >= 0) {
      node.contentLayer = found.node.contentLayer;
      node.contentEntry = found.node.contentEntry;
      return;
    }
    this.#problems.add(
      'hardlink-target-missing',
      'A hard link names a file that is not there; its content is unknown.',
      path,
      'note',
    );
  }

  /** Directory that entries of `directory` go to, made when missing. Neighbours share it, so the last one is kept. */
  #parent(directory: string, path: string): TreeNode | undefined {
    if (this.#lastParent !== undefined && directory === this.#lastDirectory) return this.#lastParent;
    let node = this.#root;
    let literal = '';
    for (const name of directory.split('/')) {
      if (name === '') continue;
      literal += `/${name}`;
      const child = node.children!.get(name);
      if (child?.children !== undefined) {
        node = child;
        continue;
      }
      if (child?.link !== undefined && !(child.layer < this.#layer && this.#hasDirectory(literal))) {
        const found = lookUp(this.#root, node, name, true);
        if ('node' in found && found.node.children !== undefined) {
          node = found.node;
          continue;
        }
        if ('failed' in found && found.failed === 'escape') {
          this.#problems.add(
            'path-escape',
            'An entry was rejected because a link on its way leads out of the image.',
            path,
          );
          return undefined;
        }
      }
      const made = impliedDirectory(name, node, this.#layer);
      node.children!.set(name, made);
      node = made;
    }
    this.#lastDirectory = directory;
    this.#lastParent = node;
    return node;
  }

  #hasDirectory(path: string): boolean {
    if (this.#directories === undefined) {
      this.#directories = new Set();
      const { entries } = this.#records[this.#layer]!;
      for (let i = 0; i < entries.count; i++) if (entries.types[i] === 1) this.#directories.add(entryPath(entries, i));
    }
    return this.#directories.has(path);
  }
}
