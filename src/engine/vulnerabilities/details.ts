import type { PackedDetail, PackedKev } from './index/format.ts';
import { indexKey } from './index/format.ts';
import type { IndexStore } from './index/store.ts';
import { namespaceProvider } from './namespace.ts';
import { chooseSeverity, cvssEntries } from './severity.ts';
import type { VulnerabilityDetail } from './types.ts';

type StoredDetail = [name: string, ...PackedDetail];

/** Facts about vulnerabilities, read from the index. */
export interface DetailReader {
  detail(id: string, namespace: string): VulnerabilityDetail | undefined;
  find(id: string): VulnerabilityDetail[];
  affectedPackages(
    id: string,
    namespace?: string,
  ): { namespace: string; packages: { ecosystem: string; name: string }[] }[];
}

/** Makes a reader over an open store. */
export function detailReader(store: IndexStore): DetailReader {
  const namesOf = (id: string): string[] => {
    const lower = id.toLowerCase();
    const names = new Set([lower]);
    for (const name of (store.get(indexKey('a', lower)) as string[] | undefined) ?? []) names.add(name.toLowerCase());
    return [...names];
  };
  const providersOf = (name: string): string[] => (store.get(indexKey('n', name)) as string[] | undefined) ?? [];
  const affected = (provider: string, name: string): [string, [string, string][]][] =>
    (store.get(indexKey('x', provider, name)) as [string, [string, string][]][] | undefined) ?? [];

  const detail = (id: string, namespace: string): VulnerabilityDetail | undefined => {
    const provider = namespaceProvider(namespace);
    const stored = store.get(indexKey('v', provider, id.toLowerCase())) as StoredDetail | undefined;
    return stored && unpack(store, provider, namespace, stored);
  };
  const find = (id: string): VulnerabilityDetail[] =>
    namesOf(id).flatMap((name) =>
      providersOf(name).flatMap((provider) => {
        const namespaces = affected(provider, name).map(([namespace]) => namespace);
        return (namespaces.length === 0 ? [`${provider}:cpe`] : namespaces).flatMap(
          (namespace) => detail(name, namespace) ?? [],
        );
      }),
    );
  return {
    detail,
    find,
    affectedPackages: (id, namespace) =>
      namesOf(id)
        .flatMap((name) => providersOf(name).flatMap((provider) => affected(provider, name)))
        .filter(([name]) => namespace === undefined || name === namespace)
        .map(([name, packages]) => ({
          namespace: name,
          packages: packages.map(([ecosystem, packageName]) => ({ ecosystem, name: packageName })),
        })),
  };
}

function unpack(store: IndexStore, provider: string, namespace: string, stored: StoredDetail): VulnerabilityDetail {
  const [id, status, published, modified, , description, links, aliases, severities] = stored;
  const cves = [id, ...aliases].filter((name) => /^cve-/i.test(name));
  const detail: VulnerabilityDetail = {
    id,
    namespace,
    provider,
    severity: chooseSeverity(severities),
    links,
    aliases,
    cvss: cvssEntries(severities),
    cwes: [
      ...new Set(cves.flatMap((cve) => (store.get(indexKey('w', cve.toLowerCase())) as string[] | undefined) ?? [])),
    ],
  };
  if (description !== '') detail.description = description;
  if (status !== '') detail.status = status;
  if (published !== '') detail.publishedAt = published;
  if (modified !== '') detail.modifiedAt = modified;
  addExploitation(store, cves, detail);
  return detail;
}

/** The first CVE with an entry counts. */
function addExploitation(store: IndexStore, cves: readonly string[], detail: VulnerabilityDetail): void {
  for (const cve of cves) {
    const kev = store.get(indexKey('k', cve.toLowerCase())) as PackedKev | undefined;
    if (kev && !detail.kev) {
      const [dateAdded, dueDate, ransomware] = kev;
      detail.kev = {
        cve,
        ransomware,
        ...(dateAdded === '' ? {} : { dateAdded }),
        ...(dueDate === '' ? {} : { dueDate }),
      };
    }
    const epss = store.get(indexKey('e', cve.toLowerCase())) as [number, number] | undefined;
    if (epss && !detail.epss) {
      const date = store.meta.epssDate?.slice(0, 10);
      detail.epss = { cve, score: epss[0], percentile: epss[1], ...(date === undefined ? {} : { date }) };
    }
  }
}
