import type { Json } from '#shared/json-object.ts';
import { emptyMeta, withRollingReleases } from './build/seed.ts';
import type { IndexMeta, PackedRecord } from './index/format.ts';
import { operatingSystemKey } from './index/format.ts';
import type { RecordReader } from './index/reader.ts';
import type { RecordGroup } from './index/record.ts';
import { unpackGroup } from './index/record.ts';
import { matchPackage } from './match-package.ts';
import { systemResolver } from './operating-system.ts';
import { readOsvRecord } from './osv/read-record.ts';
import { chooseSeverity, cvssEntries } from './severity.ts';
import type { Advisory } from './sources/types.ts';
import type { Match, MatchablePackage, MatchSettings, VulnerabilityDetail } from './types.ts';

/** Provider of advisories that belong to an account; their namespaces are `private:language:python` and the like. */
export const PRIVATE_PROVIDER = 'private';

/** Matches packages against a few advisories that are held in memory. */
export interface AdvisoryMatcher {
  match(pkg: MatchablePackage, settings: MatchSettings): Match[];
  detail(match: Pick<Match, 'vulnerability' | 'namespace'>): VulnerabilityDetail;
}

/** A private advisory as the index would hold it, and what of it cannot concern a package. */
export function readPrivateAdvisory(document: Json): { advisory: Advisory; problems: string[] } {
  const problems = new Set<string>();
  const advisory = readOsvRecord(document, (text) => void problems.add(text), PRIVATE_PROVIDER);
  return { advisory, problems: [...problems] };
}

/**
 * Makes a matcher for advisories of the OSV schema. The rules are those of the index; nothing is merged with or hidden by
 * records of other providers.
 */
export function advisoryMatcher(documents: readonly Json[]): AdvisoryMatcher {
  const meta: IndexMeta = emptyMeta('private');
  const advisories = new Map<string, Advisory>();
  const packed = new Map<string, PackedRecord[]>();
  for (const document of documents) {
    const { advisory } = readPrivateAdvisory(document);
    advisories.set(advisory.id.toLowerCase(), advisory);
    for (const one of advisory.packages) {
      let system = '';
      if (one.system) {
        const row = { ...one.system, codename: '', records: 1 };
        system = operatingSystemKey(row);
        if (!meta.operatingSystems.some((known) => operatingSystemKey(known) === system))
          meta.operatingSystems.push(row);
      }
      const key = keyOf(one.ecosystem, one.name, system);
      const aliases = [...new Set([...advisory.aliases, ...advisory.covers])];
      const record: PackedRecord = [advisory.id, PRIVATE_PROVIDER, advisory.status, aliases, one.affected, one.ranges];
      if (one.qualifiers) record.push(one.qualifiers);
      packed.set(key, [...(packed.get(key) ?? []), record]);
      meta.ecosystems[one.ecosystem] = (meta.ecosystems[one.ecosystem] ?? 0) + 1;
    }
  }
  withRollingReleases(meta);
  const groups = new Map<string, RecordGroup>([...packed].map(([key, records]) => [key, unpackGroup(records)]));
  const reader: RecordReader = {
    meta,
    packageRecords: (ecosystem, name, system) => groups.get(keyOf(ecosystem, name, system)),
    cpeRecords: () => undefined,
  };
  const source = { reader, systems: systemResolver(meta) };
  return {
    match: (pkg, settings) => matchPackage(source, pkg, { ...settings, excludeProviders: [] }).matches,
    detail: ({ vulnerability, namespace }) => detailOf(advisories.get(vulnerability.toLowerCase()), namespace),
  };
}

function keyOf(ecosystem: string, name: string, system: string): string {
  return `${ecosystem}\u0001${name.toLowerCase()}\u0001${system}`;
}

function detailOf(advisory: Advisory | undefined, namespace: string): VulnerabilityDetail {
  const severities = advisory?.severities ?? [];
  const detail: VulnerabilityDetail = {
    id: advisory?.id ?? '',
    namespace,
    provider: PRIVATE_PROVIDER,
    severity: chooseSeverity(severities),
    links: advisory?.links ?? [],
    aliases: advisory?.aliases ?? [],
    cvss: cvssEntries(severities),
    cwes: advisory?.cwes ?? [],
  };
  if (advisory?.description) detail.description = advisory.description;
  if (advisory?.status) detail.status = advisory.status;
  if (advisory?.published) detail.publishedAt = advisory.published;
  if (advisory?.modified) detail.modifiedAt = advisory.modified;
  return detail;
}
