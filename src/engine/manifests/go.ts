import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

/** Tokens of a line of `go.mod`: words, quoted words and the arrow; comments apart. */
function tokens(line: string): { words: string[]; comment: string } {
  const at = line.search(/(^|\s)\/\//);
  const code = at < 0 ? line : line.slice(0, at);
  const words = [...code.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`]+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  return { words, comment: at < 0 ? '' : line.slice(at).trim() };
}

/**
 * `go.mod` ("Go Modules Reference"): requirements after replacements. Since Go 1.17 it names all modules that are needed to build;
 * what is replaced by a directory belongs to the tree itself.
 */
function readGoMod(source: string): Declaration {
  const required = new Map<string, { version: string; indirect: boolean }>();
  const replaced: { from: string; version?: string; to: string; toVersion?: string }[] = [];
  let block = '';
  for (const line of source.split(/\r?\n/)) {
    const { words, comment } = tokens(line);
    if (words.length === 0) continue;
    if (block === '' && words[1] === '(') {
      block = words[0]!;
      continue;
    }
    if (block !== '' && words[0] === ')') {
      block = '';
      continue;
    }
    const [verb, ...rest] = block === '' ? words : [block, ...words];
    if (verb === 'require' && rest[0] && rest[1])
      required.set(rest[0], { version: rest[1], indirect: /\/\/\s*indirect\b/.test(comment) });
    const arrow = rest.indexOf('=>');
    if (verb === 'replace' && arrow > 0 && rest[arrow + 1])
      replaced.push({
        from: rest[0]!,
        ...(arrow === 2 ? { version: rest[1]! } : {}),
        to: rest[arrow + 1]!,
        ...(rest[arrow + 2] ? { toVersion: rest[arrow + 2]! } : {}),
      });
  }
  const packages: DeclaredPackage[] = [];
  for (const [name, { version, indirect }] of required) {
    const other =
      replaced.find((one) => one.from === name && one.version === version) ??
      replaced.find((one) => one.from === name && one.version === undefined);
    if (other && other.toVersion === undefined) continue;
    packages.push({
      name: other?.to ?? name,
      version: other?.toVersion ?? version,
      metadata: { ...(indirect ? { indirect } : {}), ...(other ? { replaces: { path: name, version } } : {}) },
    });
  }
  return { packages };
}

/** Modules of Go. */
export const GO_MANIFESTS: readonly ManifestKind[] = [
  { name: 'go-mod', type: 'go-module', metadataType: 'go-module-entry', file: /^go\.mod$/, read: readGoMod },
];
