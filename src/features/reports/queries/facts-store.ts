import { sql } from 'kysely';
import type { VulnerabilityDetail } from '#engine/vulnerabilities/types.ts';
import { withPresentEpss } from '#features/findings/index.ts';
import type { ReportContext } from '../execution/context.ts';

/** What reports show of a record. */
export interface RecordFacts {
  kev: boolean;
  epss: VulnerabilityDetail['epss'];
  cvssScore: number | null;
}

/** Facts of records by `id\nnamespace`. */
export async function recordFacts(
  context: ReportContext,
  records: readonly { vulnerability: string; namespace: string }[],
): Promise<Map<string, RecordFacts>> {
  const known = new Map(records.map((record) => [`${record.vulnerability}\n${record.namespace}`, record]));
  const wanted = [...known.values()];
  const rows = await context.rows<
    Pick<VulnerabilityDetail, 'id' | 'namespace' | 'epss' | 'cvss'> & { kev: boolean }
  >(sql`
    select v.id, v.namespace, v.detail ? 'kev' as kev, v.detail -> 'epss' as epss, v.detail -> 'cvss' as cvss
    from unnest(${wanted.map((one) => one.vulnerability)}::text[], ${wanted.map((one) => one.namespace)}::text[]) w(id, namespace)
    join vulnerability v on v.id = w.id and v.namespace = w.namespace`);
  return new Map(
    rows.map((row) => {
      const { epss } = withPresentEpss(row as unknown as VulnerabilityDetail, context.index);
      return [
        `${row.id}\n${row.namespace}`,
        { kev: row.kev, epss: epss ?? undefined, cvssScore: highestScore(row.cvss) },
      ];
    }),
  );
}

/** Highest base score of the newest version of CVSS. */
function highestScore(cvss: VulnerabilityDetail['cvss'] | null): number | null {
  const scored = cvss ?? [];
  const newest = Math.max(0, ...scored.map(({ version }) => Number.parseFloat(version) || 0));
  const scores = scored.filter(({ version }) => (Number.parseFloat(version) || 0) === newest);
  return scores.length === 0 ? null : Math.max(...scores.map(({ baseScore }) => baseScore));
}

/** Links of vulnerabilities over all their records, by id. */
export async function linksOf(context: ReportContext, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await context.rows<{ id: string; links: string[] | null }>(sql`
    select v.id, v.detail -> 'links' as links from vulnerability v
    where v.id = any(${[...new Set(ids)]}::text[]) order by v.id, v.namespace collate "C"`);
  const links = new Map<string, string[]>();
  for (const row of rows) links.set(row.id, [...new Set([...(links.get(row.id) ?? []), ...(row.links ?? [])])]);
  return links;
}
