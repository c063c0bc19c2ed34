import { hash } from 'node:crypto';
import type { IndexMeta, PackageEntry, PackedDetail } from './index/format.ts';
import type { IndexStore } from './index/store.ts';
import type { ContentHash } from './types.ts';

/**
 * Streams what has to be compared between two builds. `order` rises throughout, so that two streams can be merged
 * without holding either. Names by family: `cpe/vendor/product`, `ecosystem/python` (has records or not), `os/debian`,
 * `os/*` (what concerns every package), `deb/openssl`; of details `kev/cve-…`, `vuln/provider/id`, `cwe/cve-…`.
 */
export function* contentHashes(store: IndexStore, kind: 'match' | 'detail'): Generator<ContentHash> {
  if (kind === 'match') {
    yield* cpeHashes(store);
    yield* ecosystemHashes(store.meta);
    yield* systemHashes(store.meta);
    yield* packageHashes(store);
  } else {
    yield* valueHashes(store, 'k\u0001', 'kev');
    yield* detailHashes(store);
    yield* valueHashes(store, 'w\u0001', 'cwe');
  }
}

/** 64 bits as hex digits. */
function contentHash(text: string): string {
  return hash('sha1', text).slice(0, 16);
}

function* cpeHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('c\u0001')) {
    const name = `cpe/${key.slice(2).replace('\u0001', '/')}`;
    yield { key: name, name, hash: (value as [string, string])[1], order: key };
  }
}

/** Whether there are records at all for an ecosystem: it decides what is said about coverage. */
function* ecosystemHashes(meta: IndexMeta): Generator<ContentHash> {
  const present = Object.entries(meta.ecosystems).filter(([, records]) => records > 0);
  for (const name of present.map(([ecosystem]) => `ecosystem/${ecosystem}`).sort())
    yield { key: name, name, hash: '1', order: `e\u0001${name}` };
}

/** Rows, aliases and other rules that decide which release's records hold for a distribution. */
function* systemHashes(meta: IndexMeta): Generator<ContentHash> {
  const architectures = Object.entries(meta.architectureAliases).sort(([a], [b]) => (a < b ? -1 : 1));
  yield { key: 'os/*', name: 'os/*', hash: contentHash(JSON.stringify(architectures)), order: 'o\u0001\u0001' };
  const names = new Set<string>();
  for (const row of meta.operatingSystems) names.add(row.name.toLowerCase()).add(row.releaseId.toLowerCase());
  for (const row of meta.overrides) names.add(row.alias);
  names.delete('');
  for (const name of [...names].sort()) {
    const overrides = meta.overrides.filter((row) => row.alias === name);
    const targets = new Set([name, ...overrides.map((row) => row.replacement?.toLowerCase() ?? name)]);
    const rows = meta.operatingSystems
      .filter((row) => targets.has(row.name.toLowerCase()) || targets.has(row.releaseId.toLowerCase()))
      .map(({ records, endOfActiveSupport: _, ...row }) => JSON.stringify([...Object.entries(row), records > 0]));
    const text = JSON.stringify([overrides, rows.sort()]);
    yield { key: `os/${name}`, name: `os/${name}`, hash: contentHash(text), order: `o\u0001${name}` };
  }
}

function* packageHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('p\u0001')) {
    const name = key.slice(2).replace('\u0001', '/');
    const entries = (value as PackageEntry[]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [system, , content] of entries)
      yield { key: `pkg/${name}@${system}`, name, hash: content, order: `${key}\u0001${system}` };
  }
}

function* valueHashes(store: IndexStore, prefix: string, family: string): Generator<ContentHash> {
  for (const { key, value } of store.range(prefix)) {
    const name = `${family}/${key.slice(prefix.length)}`;
    yield { key: name, name, hash: contentHash(JSON.stringify(value)), order: key };
  }
}

function* detailHashes(store: IndexStore): Generator<ContentHash> {
  for (const { key, value } of store.range('v\u0001')) {
    const name = `vuln/${key.slice(2).replace('\u0001', '/')}`;
    yield { key: name, name, hash: (value as [string, ...PackedDetail])[9], order: key };
  }
}
