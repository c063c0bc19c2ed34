import { hash } from 'node:crypto';
import type { IndexMeta, PackageEntry, PackedDetail } from './index/format.ts';
import type { IndexStore } from './index/store.ts';
import type { ContentHash } from './types.ts';

/** Streams what has to be compared between two builds, in an order that both share. */
export function* contentHashes(store: IndexStore, kind: 'match' | 'detail'): Generator<ContentHash> {
  if (kind === 'match') {
    yield* cpeHashes(store);
    yield* systemHashes(store.meta);
    yield* packageHashes(store);
  } else {
    yield* exploitedHashes(store);
    yield* detailHashes(store);
  }
}

function* cpeHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('c\u0001')) {
    const name = `cpe/${key.slice(2).replace('\u0001', '/')}`;
    yield { key: name, name, hash: (value as [string, string])[1] };
  }
}

function* packageHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('p\u0001')) {
    const name = key.slice(2).replace('\u0001', '/');
    const entries = [...(value as PackageEntry[])].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [system, , content] of entries) yield { key: `pkg/${name}@${system}`, name, hash: content };
  }
}

/** Rows, aliases and other rules that decide which release's records hold for a distribution. */
function* systemHashes(meta: IndexMeta): Generator<ContentHash> {
  const rules = hash('sha1', JSON.stringify([meta.overrides, meta.architectureAliases])).slice(0, 16);
  yield { key: 'os/*', name: 'os/*', hash: rules };
  const names = new Set<string>();
  for (const row of meta.operatingSystems) names.add(row.name.toLowerCase()).add(row.releaseId.toLowerCase());
  for (const row of meta.overrides) names.add(row.alias);
  names.delete('');
  for (const name of [...names].sort()) {
    const targets = new Set([
      name,
      ...meta.overrides.filter((row) => row.alias === name).map((row) => row.replacement?.toLowerCase() ?? name),
    ]);
    const rows = meta.operatingSystems
      .filter((row) => targets.has(row.name.toLowerCase()) || targets.has(row.releaseId.toLowerCase()))
      .map(({ name: own, releaseId, major, minor, label, codename, channel, records }) =>
        [own, releaseId, major, minor, label, codename, channel, records > 0].join('|'),
      );
    yield { key: `os/${name}`, name: `os/${name}`, hash: hash('sha1', rows.sort().join('\n')).slice(0, 16) };
  }
}

function* exploitedHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('k\u0001')) {
    const name = `kev/${key.slice(2)}`;
    yield { key: name, name, hash: hash('sha1', JSON.stringify(value)).slice(0, 16) };
  }
}

function* detailHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('v\u0001')) {
    const name = key.slice(2).replace('\u0001', '/');
    yield { key: `vuln/${name}`, name, hash: (value as [string, ...PackedDetail])[9] };
  }
}
