import type { Analysis } from '#engine/model/analysis.ts';
import { getAnalysisDocument } from '#features/analyses/index.ts';
import type { createPolicyFacts, FindingService } from '#features/findings/index.ts';
import type { SourceEvaluations } from '#features/policies/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import {
  analysisOfSource,
  collectDeletedSources,
  findSource,
  findSourceByName,
  listSources,
  metadataOf,
  type SourceMetadataRow,
  type SourceName,
  type SourceRow,
  sbomKeys,
  sourcesByUuid,
  updateSource,
} from './store.ts';

export interface SourceServiceDependencies {
  database: Database;
  objects: ObjectStore;
  findings: Pick<FindingService, 'ofSource' | 'sourceReport' | 'matchSource'>;
  facts: ReturnType<typeof createPolicyFacts>['sources'];
  evaluations: SourceEvaluations;
}

/** A source whose analysis is there. */
export type AnalysedSourceRow = SourceRow & { analysis_id: number };

export type SourceService = ReturnType<typeof createSourceService>;

/** Source repositories of an account: what they hold, what is wrong with it, and what policy says. */
export function createSourceService(deps: SourceServiceDependencies) {
  const { database, objects, findings } = deps;
  const { db } = database;

  async function get(account: string, uuid: string): Promise<SourceRow> {
    const row = isUuid(uuid) ? await findSource(db, account, uuid) : undefined;
    if (!row) throw notFound(`source not found: ${uuid.slice(0, 100)}`);
    return row;
  }

  /** The source, which must be analysed: nothing else has content, findings or a verdict. */
  async function getAnalyzed(account: string, uuid: string): Promise<AnalysedSourceRow> {
    const row = await get(account, uuid);
    if (row.source_status !== 'active') throw notFound(`source is not active: source_status is ${row.source_status}`);
    if (row.analysis_status !== 'analyzed' || row.analysis_id === null)
      throw notFound(`source is not analyzed - analysis_status: ${row.analysis_status}`);
    return { ...row, analysis_id: row.analysis_id };
  }

  async function analysisRow(account: string, uuid: string) {
    const row = await getAnalyzed(account, uuid);
    const analysis = await analysisOfSource(db, account, row.uuid);
    if (!analysis) throw notFound(`analysis of source ${uuid} is missing`);
    return { row, analysis };
  }

  async function document(account: string, uuid: string): Promise<{ row: AnalysedSourceRow; analysis: Analysis }> {
    const { row, analysis } = await analysisRow(account, uuid);
    return { row, analysis: await getAnalysisDocument(objects, analysis) };
  }

  return {
    get,
    getAnalyzed,
    analysis: document,
    list: (account: string) => listSources(db, account),
    byName: (account: string, name: SourceName) => findSourceByName(db, account, name),
    byUuid: (account: string, uuids: string[]) => sourcesByUuid(db, account, uuids.filter(isUuid)),

    async manifest(account: string, uuid: string): Promise<{ source: SourceRow; metadata: SourceMetadataRow[] }> {
      const source = await get(account, uuid);
      return { source, metadata: await metadataOf(db, account, source.uuid) };
    },

    /** Packages per package type. */
    async packageCounts(account: string, uuid: string): Promise<Record<string, number>> {
      return ((await analysisRow(account, uuid)).analysis.package_counts ?? {}) as Record<string, number>;
    },

    /** The SBOM as it came, as JSON text. */
    async nativeSbom(account: string, uuid: string): Promise<Buffer> {
      const { sbom_key: key } = await getAnalyzed(account, uuid);
      const bytes = key === null ? undefined : await objects.get(key);
      if (!bytes) throw new Error(`the SBOM of source ${uuid} is missing from the object store`);
      return bytes;
    },

    /** Rows of `vuln/{type}`; `refresh` matches the packages again where that would change anything. */
    async vulnerabilities(
      account: string,
      uuid: string,
      options: Parameters<FindingService['sourceReport']>[2] & { refresh: boolean },
    ) {
      const { analysis_id: analysisId, analyzed_at: analyzedAt } = await getAnalyzed(account, uuid);
      if (options.refresh) await findings.matchSource(account, analysisId);
      return findings.sourceReport(account, { analysisId, analyzedAt }, options);
    },

    /** Findings of a source. */
    async findings(account: string, uuid: string) {
      const { analysis_id, analyzed_at } = await getAnalyzed(account, uuid);
      return (await findings.ofSource(account, analysis_id, analyzed_at)).findings;
    },

    /** What a policy, by default the active one, says of the source. */
    async check(account: string, uuid: string, policyId: string | undefined) {
      const source = await getAnalyzed(account, uuid);
      const verdict = await deps.evaluations.check(account, source, {
        policyId,
        inputs: await deps.facts.inputDigest(account, source),
        facts: async () => deps.facts.load(account, source, (await document(account, uuid)).analysis),
      });
      return { source, verdict };
    },

    /** Marks a source for deletion; the collector removes it later. Refused with 409 during the analysis unless forced. */
    async remove(account: string, uuid: string, force: boolean): Promise<void> {
      const row = await get(account, uuid);
      if (row.analysis_status === 'analyzing' && !force)
        throw conflict(`source ${uuid} is being analyzed; use force to delete it nevertheless`);
      await updateSource(db, account, row.uuid, { source_status: 'deleting' });
    },

    /** Removes sources of every account that were marked for deletion. */
    async collect(): Promise<number> {
      const collected = await collectDeletedSources(db);
      for (const { sbom_key } of collected) if (sbom_key) await objects.delete(sbom_key);
      return collected.length;
    },

    /** Removes what sources of an account keep outside the database. */
    async forget(account: string): Promise<void> {
      for (const key of await sbomKeys(db, account)) await objects.delete(key);
    },
  };
}
