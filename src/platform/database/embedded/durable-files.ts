import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** Members of Emscripten's file layer which are used here; its own types do not cover them. */
interface Stream {
  nfd?: number;
  node?: unknown;
}
interface NodeFiles {
  realPath(node: unknown): string;
  stream_ops: Record<string, unknown>;
  node_ops: Record<string, (...args: never[]) => unknown>;
}
type Options = Parameters<NodeFS['init']>[1];

/**
 * The engine's file layer, made durable: as shipped it drops fsync, so that a power cut could lose acknowledged
 * commits. Every fsync of the engine reaches the file, and with it the name of a new file, and a folder after a rename in it.
 */
export class DurableFiles extends NodeFS {
  override async init(pg: PGlite, options: Options): ReturnType<NodeFS['init']> {
    const initialised = await super.init(pg, options);
    const before = initialised.emscriptenOpts.preRun ?? [];
    initialised.emscriptenOpts.preRun = [
      ...before,
      (engine) => makeDurable((engine.FS as unknown as { filesystems: { NODEFS: NodeFiles } }).filesystems.NODEFS),
    ];
    return initialised;
  }
}

function makeDurable(files: NodeFiles): void {
  const { node_ops, stream_ops } = files;
  /** Files whose names in their folder are not durable yet. Asking for a sync of the file asks for that of its name. */
  const fresh = new Set<string>();
  const mknod = node_ops.mknod;
  node_ops.mknod = (...args: never[]): unknown => {
    const node = mknod?.(...args);
    fresh.add(files.realPath(node));
    return node;
  };
  stream_ops.fsync = (stream: Stream): number => {
    if (stream.nfd === undefined) return 0;
    fsyncSync(stream.nfd);
    const path = files.realPath(stream.node);
    if (fresh.delete(path)) syncFolder(dirname(path));
    return 0;
  };
  const rename = node_ops.rename;
  node_ops.rename = (...args: never[]): unknown => {
    const [node, folder] = args;
    fresh.delete(files.realPath(node));
    const result = rename?.(...args);
    syncFolder(files.realPath(folder));
    return result;
  };
  const unlink = node_ops.unlink;
  node_ops.unlink = (...args: never[]): unknown => {
    const [folder, name] = args as unknown as [node: unknown, name: string];
    fresh.delete(join(files.realPath(folder), name));
    return unlink?.(...args);
  };
}

/** Makes created, renamed and removed names in a folder durable. */
export function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
