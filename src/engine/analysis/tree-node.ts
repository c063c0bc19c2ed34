/** A path of the squashed tree while it is built, and afterwards. */
export interface TreeNode {
  name: string;
  parent: TreeNode | undefined;
  /** Only directories have children. */
  children: Map<string, TreeNode> | undefined;
  /** Layer that shows this path. */
  layer: number;
  /** Entry of that layer, or -1 for a directory that no entry names. */
  entry: number;
  /** Layer and entry that hold the content: others than the above for hard links. -1: none. */
  contentLayer: number;
  contentEntry: number;
  /** Target of a symlink. */
  link: string | undefined;
}

/** Links followed in one look-up before it fails (ELOOP), as Linux has it. */
export const MAX_LINKS = 40;

/** A fresh directory without an entry of its own. */
export function impliedDirectory(name: string, parent: TreeNode | undefined, layer: number): TreeNode {
  return { name, parent, children: new Map(), layer, entry: -1, contentLayer: -1, contentEntry: -1, link: undefined };
}

/** Absolute path of a node. */
export function nodePath(node: TreeNode): string {
  if (node.parent === undefined) return '/';
  let path = '';
  for (let at = node; at.parent !== undefined; at = at.parent) path = `/${at.name}${path}`;
  return path;
}

/** The node at exactly this path, links not followed. */
export function literalNode(root: TreeNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of path.split('/')) {
    if (name === '') continue;
    node = node.children?.get(name);
    if (node === undefined) return undefined;
  }
  return node;
}

/** How a look-up with links ended. */
export type LookUp = { node: TreeNode } | { failed: 'missing' | 'loop' | 'escape' };

/**
 * Follows `path` from `start`, links in all components included. Above the root there is only the root; with
 * `strict`, a link that climbs there is an escape instead.
 */
export function lookUp(root: TreeNode, start: TreeNode, path: string, strict = false): LookUp {
  let node = path.startsWith('/') ? root : start;
  const pending = path.split('/').reverse();
  let links = 0;
  while (pending.length > 0) {
    const name = pending.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (node.parent === undefined && strict) return { failed: 'escape' };
      node = node.parent ?? node;
      continue;
    }
    const child = node.children?.get(name);
    if (child === undefined) {
      // Only a strict look-up cares what a missing path would have led to.
      return { failed: strict && climbs(node, pending) ? 'escape' : 'missing' };
    }
    if (child.link === undefined) {
      node = child;
      continue;
    }
    if (++links > MAX_LINKS) return { failed: 'loop' };
    if (child.link.startsWith('/')) node = root;
    for (const part of child.link.split('/').reverse()) pending.push(part);
  }
  return { node };
}

function climbs(node: TreeNode, pending: readonly string[]): boolean {
  let depth = 1;
  for (let at = node; at.parent !== undefined; at = at.parent) depth++;
  for (let i = pending.length - 1; i >= 0; i--) {
    if (pending[i] === '..' && --depth < 0) return true;
    if (pending[i] !== '..' && pending[i] !== '' && pending[i] !== '.') depth++;
  }
  return false;
}
