import { compareBytes } from '../analyzers/byte-order.ts';
import type { FileTree } from '../image/types.ts';
import type { FileRecord } from '../model/analysis.ts';
import { ENTRY_TYPES, entryMd5, entrySha256, type LayerRecord } from './layer-record.ts';
import { literalNode, lookUp, nodePath, type TreeNode } from './tree-node.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** The squashed file system over the columns of its layers; records of single paths are made when asked for. */
export class SquashedTree implements FileTree {
  readonly #root: TreeNode;
  readonly #records: readonly LayerRecord[];
  #sorted: [string, TreeNode][] | undefined;
  #size = -1;

  constructor(root: TreeNode, records: readonly LayerRecord[]) {
    this.#root = root;
    this.#records = records;
  }

  /** Paths, the root directory not counted. */
  get size(): number {
    if (this.#size < 0) {
      this.#size = 0;
      for (const _ of this.#walk(this.#root)) this.#size++;
    }
    return this.#size;
  }

  get(path: string): FileRecord | undefined {
    const node = literalNode(this.#root, path);
    return node && this.#record(node, nodePath(node));
  }

  resolve(path: string): FileRecord | undefined {
    const found = lookUp(this.#root, this.#root, path);
    return 'node' in found ? this.#record(found.node, nodePath(found.node)) : undefined;
  }

  realPath(path: string): string | undefined {
    const found = lookUp(this.#root, this.#root, path);
    return 'node' in found ? nodePath(found.node) : undefined;
  }

  list(path: string): string[] {
    const found = lookUp(this.#root, this.#root, path);
    if (!('node' in found)) return [];
    return [...(found.node.children?.keys() ?? [])].sort(compareBytes);
  }

  *paths(): Iterable<string> {
    for (const [path] of this.entries()) yield path;
  }

  *nodes(): Iterable<FileRecord> {
    for (const [path, node] of this.entries()) yield this.#record(node, path);
  }

  /** Paths and nodes in byte order of the paths. */
  entries(): readonly [string, TreeNode][] {
    if (this.#sorted === undefined) {
      const all: [string, TreeNode][] = [];
      for (const pair of this.#walk(this.#root, '')) all.push(pair);
      // Without surrogates the order of UTF-16 units is that of bytes, and V8 compares them much faster.
      const plain = !all.some(([path]) => SURROGATE.test(path));
      this.#sorted = all.sort(plain ? ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) : ([a], [b]) => compareBytes(a, b));
    }
    return this.#sorted;
  }

  *#walk(root: TreeNode, prefix = ''): Iterable<[string, TreeNode]> {
    // A stack, not recursion: depth is chosen by whoever made the image.
    const stack: [string, TreeNode][] = [[prefix, root]];
    while (stack.length > 0) {
      const [path, node] = stack.pop()!;
      for (const child of node.children?.values() ?? []) {
        const pair: [string, TreeNode] = [`${path}/${child.name}`, child];
        yield pair;
        if (child.children !== undefined) stack.push(pair);
      }
    }
  }

  #record(node: TreeNode, path: string): FileRecord {
    const columns = this.#records[node.layer]?.entries;
    if (node.entry < 0 || columns === undefined) {
      return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, layer: node.layer };
    }
    const { entry } = node;
    const type = ENTRY_TYPES[columns.types[entry]!]!;
    const record: FileRecord = {
      path,
      type,
      mode: columns.modes[entry]!,
      uid: columns.uids[entry]!,
      gid: columns.gids[entry]!,
      size: columns.sizes[entry]!,
      layer: node.layer,
    };
    if (type === 'symlink' || type === 'hardlink') record.linkTarget = columns.links[columns.extras[entry]!] ?? '';
    const content = node.contentEntry >= 0 ? this.#records[node.contentLayer]?.entries : undefined;
    if (content !== undefined && (type === 'file' || type === 'hardlink')) {
      record.size = content.sizes[node.contentEntry]!;
      const sha256 = entrySha256(content, node.contentEntry);
      if (sha256 !== undefined) record.sha256 = sha256;
      const md5 = entryMd5(content, node.contentEntry);
      if (md5 !== undefined) record.md5 = md5;
    }
    return record;
  }
}
