import type { Declaration, DeclaredPackage, ManifestKind } from './types.ts';

/**
 * `Gemfile.lock` of Bundler: sections by indentation. Gems stand four spaces in, what they need six; those of a `PATH` section are
 * the project itself. A version may carry a platform, `1.15.0-x86_64-linux`: one row for each version.
 */
function readGemfileLock(source: string): Declaration {
  const byKey = new Map<string, DeclaredPackage>();
  let section = '';
  let current: DeclaredPackage | undefined;
  for (const line of source.split(/\r?\n/)) {
    if (/^\S/.test(line)) section = line.trim();
    if (section !== 'GEM' && section !== 'GIT') continue;
    const [, name, stated] = /^ {4}(\S+) \(([^)]+)\)/.exec(line) ?? [];
    if (name && stated) {
      const version = /^\d[^-]*(?:-(?=\d)[^-]*)?/.exec(stated)?.[0] ?? stated;
      const key = `${name} ${version}`;
      current = byKey.get(key) ?? { name, version, dependencies: [] };
      byKey.set(key, current);
      continue;
    }
    const needed = /^ {6}(\S+)/.exec(line)?.[1]?.replace(/!$/, '');
    if (needed && current && !current.dependencies?.includes(needed)) current.dependencies?.push(needed);
  }
  return { packages: [...byKey.values()] };
}

/** Gems of Ruby. */
export const RUBY_MANIFESTS: readonly ManifestKind[] = [
  { name: 'gemfile-lock', type: 'gem', file: /^(gemfile\.lock|gems\.locked)$/, read: readGemfileLock },
];
