import { z } from 'zod';
import type { Analysis } from '#engine/model/analysis.ts';
import { readSbom, SbomError } from '#engine/sbom/index.ts';
import { putAnalysis, saveAnalysis } from '#features/analyses/index.ts';
import type { ImportOperations } from '#features/imports/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { findSource, type SourceName, type SourceRow, updateSource } from './store.ts';

export const SOURCE_ANALYZE_JOB = 'source-analyze';

const AnalyzePayload = z.object({
  account: z.string(),
  /** uuid of the source. */
  source: z.string(),
  /** Import operation that brought the SBOM. */
  operation: z.string(),
  /** Object key of the SBOM, and the digest of its bytes. */
  object_key: z.string(),
  digest: z.string(),
});
export type AnalyzePayload = z.output<typeof AnalyzePayload>;

/** More packages than any repository has; each costs microseconds. */
const MAX_PACKAGES = 200_000;

export interface AnalyzeSourceDependencies {
  database: Database;
  objects: ObjectStore;
  operations: Pick<ImportOperations, 'finish'>;
  /** Matches the packages of a stored analysis, and applies the corrections of the account. */
  match(analysisId: number): Promise<void>;
}

/** Key of the SBOM of a source as it came. */
export function sbomKey(account: string, source: string, digest: string): string {
  return `sources/${encodeURIComponent(account)}/${source}/${digest}.json`;
}

/** Key that the analysis of a source is stored by. */
export function analysisKey(source: string): string {
  return `source:${source}`;
}

/** Job: read the SBOM of a finished import, store, match. Safe to repeat from the start at any point. */
export function analyzeSourceJob(deps: AnalyzeSourceDependencies): JobDefinition<AnalyzePayload> {
  return {
    kind: SOURCE_ANALYZE_JOB,
    payload: AnalyzePayload,
    concurrency: 2,
    leaseSeconds: 60,
    retries: 2,
    lost: (payload, reason) => fail(deps, payload, `the analysis was given up: ${reason}`),
    async run(payload, job) {
      try {
        await run(deps, payload);
      } catch (error) {
        // What is wrong with a document stays wrong.
        const hopeless = error instanceof SbomError;
        if (job.signal.aborted || !(hopeless || job.last)) throw error;
        await fail(deps, payload, (error as Error).message);
        if (!hopeless) throw error;
      }
    },
  };
}

async function run(deps: AnalyzeSourceDependencies, payload: AnalyzePayload): Promise<void> {
  const { database, objects } = deps;
  const { account, source: uuid, operation } = payload;
  const source = await findSource(database.db, account, uuid);
  if (!source || !(await updateSource(database.db, account, uuid, { analysis_status: 'analyzing' }))) {
    // Deleted meanwhile: the import led to nothing.
    await deps.operations.finish(database.db, account, operation, 'failed');
    return;
  }
  const bytes = await objects.get(payload.object_key);
  if (!bytes) throw new Error('the SBOM of the import is not stored any more');
  const analysis = readSource(bytes, source);
  const keys = await putAnalysis(objects, analysis);
  const key = sbomKey(account, uuid, payload.digest);
  await objects.put(key, bytes);
  const analysisId = await database.transaction(async (tx) => {
    const id = await saveAnalysis(tx, analysisKey(uuid), analysis, keys, account);
    await updateSource(tx, account, uuid, { analysis_id: id, sbom_key: key });
    return id;
  });
  if (source.sbom_key && source.sbom_key !== key) await objects.delete(source.sbom_key);
  await deps.match(analysisId);
  await database.transaction(async (tx) => {
    await updateSource(tx, account, uuid, {
      analysis_status: 'analyzed',
      analysis_error: null,
      analyzed_at: new Date(),
    });
    await deps.operations.finish(tx, account, operation, 'complete');
  });
}

function readSource(bytes: Buffer, source: SourceRow): Analysis {
  const analysis = readSbom(bytes);
  if (analysis.packages.length > MAX_PACKAGES)
    throw new SbomError(`the SBOM has ${analysis.packages.length} packages; up to ${MAX_PACKAGES} are taken`);
  return { ...analysis, source: { kind: 'directory', name: nameOf(source) } };
}

/** `host/repository@revision`, as documents name a source. */
export function nameOf({ host, repository_name, revision }: SourceName): string {
  return `${host}/${repository_name}@${revision}`;
}

async function fail(deps: AnalyzeSourceDependencies, payload: AnalyzePayload, error: string): Promise<void> {
  const { account, source, operation } = payload;
  await deps.database.transaction(async (tx) => {
    await updateSource(tx, account, source, {
      analysis_status: 'analysis_failed',
      analysis_error: error.slice(0, 500),
    });
    await deps.operations.finish(tx, account, operation, 'failed');
  });
}
