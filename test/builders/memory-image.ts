import { type AssembledEvidence, assembleEvidence } from '#engine/analyzers/assemble.ts';
import { compareBytes } from '#engine/analyzers/byte-order.ts';
import { distroLookup } from '#engine/analyzers/distro-lookup.ts';
import type { Analyzer, AnalyzerSettings, Evidence } from '#engine/analyzers/types.ts';
import type { FileContent, FileTree, ImageView, LocatedFact } from '#engine/image/types.ts';
import type { FileRecord, ImageMetadata } from '#engine/model/analysis.ts';

/** Files by absolute path: text or bytes; `{ link }` is a symbolic link, `{ hardlink }` a second name. */
export type MemoryFiles = Record<string, string | Uint8Array | { link: string } | { hardlink: string }>;

/** Settings as an instance without configuration has them. */
export const defaultSettings: AnalyzerSettings = {
  secretSearchMaxFileSize: 10_000,
  contentRules: [],
  retrieveFiles: ['/etc/passwd'],
  retrieveMaxFileSize: 1_000_000,
};

/** An image of one layer that exists in memory only. */
export function memoryImage(files: MemoryFiles, metadata?: ImageMetadata): ImageView {
  const layer = {
    digest: `sha256:${'0'.repeat(64)}` as const,
    diffId: `sha256:${'1'.repeat(64)}` as const,
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    size: 0,
    rawSize: 0,
    entries: Object.keys(files).length,
    complete: true,
  };
  return { tree: memoryTree(files), layers: [layer], ...(metadata ? { metadata } : {}) };
}

/** Runs both phases of the analyzers over the files and joins what they find. */
export function runAnalyzers(
  analyzers: readonly Analyzer[],
  files: MemoryFiles,
  options: { settings?: Partial<AnalyzerSettings>; metadata?: ImageMetadata } = {},
): AssembledEvidence {
  const settings = { ...defaultSettings, ...options.settings };
  const image = memoryImage(files, options.metadata);
  const evidence: { analyzer: string; evidence: Evidence }[] = [];
  let distroFor = distroLookup([]);
  for (const analyzer of [...analyzers].sort((a, b) => Number(b.name === 'distro') - Number(a.name === 'distro'))) {
    const found = analyzer.collect(image, factsOf(analyzer, files, settings), { settings, distroFor });
    if (analyzer.name === 'distro') distroFor = distroLookup(found.distros ?? []);
    evidence.push({ analyzer: analyzer.name, evidence: found });
  }
  return assembleEvidence(image, evidence);
}

/** Facts that one analyzer draws from the files, each passed through a structured clone as the layer cache does. */
export function factsOf(
  analyzer: Analyzer,
  files: MemoryFiles,
  settings: AnalyzerSettings = defaultSettings,
): LocatedFact<unknown>[] {
  const facts: LocatedFact<unknown>[] = [];
  for (const [path, file] of Object.entries(files)) {
    const bytes = bytesOf(file);
    if (!bytes) continue;
    const head = { path, size: bytes.length, mode: 0o644, head: bytes.subarray(0, 4096) };
    const reader = analyzer.select(head, settings);
    if (!reader) continue;
    let fact: unknown;
    if (reader.kind === 'whole') {
      if (bytes.length > reader.limit) continue;
      fact = reader.read(memoryContent(bytes), head);
    } else {
      const stream = reader.open(head);
      for (let at = 0; at < bytes.length; at += 1000) stream.write(bytes.subarray(at, at + 1000));
      fact = stream.end();
    }
    if (fact !== undefined) facts.push({ path, layer: 0, fact: structuredClone(fact) });
  }
  return facts;
}

/** Random access to bytes in memory. */
export function memoryContent(bytes: Uint8Array): FileContent {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length), bytes: () => bytes };
}

function bytesOf(file: MemoryFiles[string]): Uint8Array | undefined {
  if (typeof file === 'string') return new TextEncoder().encode(file);
  return file instanceof Uint8Array ? file : undefined;
}

function memoryTree(files: MemoryFiles): FileTree {
  const records = new Map<string, FileRecord>();
  const add = (path: string, fields: Partial<FileRecord>): void => {
    records.set(path, { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, layer: 0, ...fields });
  };
  add('/', {});
  for (const [path, file] of Object.entries(files)) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (!records.has(path.slice(0, end))) add(path.slice(0, end), {});
    }
    const bytes = bytesOf(file);
    if (bytes) add(path, { type: 'file', mode: 0o644, size: bytes.length });
    else if (typeof file === 'object' && 'link' in file)
      add(path, { type: 'symlink', mode: 0o777, linkTarget: file.link });
    else if (typeof file === 'object' && 'hardlink' in file) add(path, { type: 'hardlink', linkTarget: file.hardlink });
  }
  const walk = (path: string, budget = 40): string | undefined => {
    let at = '';
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    for (const [i, part] of parts.entries()) {
      if (part === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      const next = `${at}/${part}`;
      const record = records.get(next);
      if (!record) return undefined;
      if (record.type === 'symlink') {
        if (budget === 0) return undefined;
        const target = record.linkTarget as string;
        const rest = parts.slice(i + 1).join('/');
        return walk(`${target.startsWith('/') ? '' : at}/${target}/${rest}`, budget - 1);
      }
      at = next;
    }
    return at === '' ? '/' : at;
  };
  const resolve = (path: string): FileRecord | undefined => records.get(walk(path) ?? '\0');
  return {
    get: (path) => records.get(path),
    resolve,
    realPath: walk,
    list: (path) => {
      const prefix = path === '/' ? '/' : `${path}/`;
      return [...records.keys()]
        .filter((key) => key !== '/' && key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
        .map((key) => key.slice(prefix.length));
    },
    nodes: () => [...records.values()].sort((a, b) => compareBytes(a.path, b.path)),
    size: records.size,
  };
}
