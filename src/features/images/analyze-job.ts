import { z } from 'zod';
import type { OpenImage } from '#engine/image/types.ts';
import type { Analysis } from '#engine/model/analysis.ts';
import { findAnalysis, putAnalysis, saveAnalysis } from '#features/analyses/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { RegistryService } from '#features/registries/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { ImageGateway } from './gateway.ts';
import type { AccountRevisions } from './revision.ts';
import { accountsAwaiting, setAnalysisStatus, setProgress } from './store.ts';
import { fullTag, tagsOf } from './tag-store.ts';

/** Where the bytes of the image are: in a registry, or in an uploaded archive. */
export const AnalyzePayload = z.object({
  digest: z.string(),
  /** Whose credentials are used. */
  account: z.string(),
  registry: z.string(),
  repository: z.string(),
  /** Object key of an uploaded archive. */
  archive: z.string().optional(),
  force: z.boolean().default(false),
});
export type AnalyzePayload = z.output<typeof AnalyzePayload>;

export const ANALYZE_JOB = 'image-analyze';

export interface AnalyzeDependencies {
  database: Database;
  objects: ObjectStore;
  registries: Pick<RegistryService, 'credentialsFor'>;
  gateway: ImageGateway;
  revisions: AccountRevisions;
  /** Version of the analyzer set: an analysis of the same version is used again. */
  analyzerVersion: string;
  concurrency: number;
  host: string;
  analyze(
    image: OpenImage,
    options: { signal: AbortSignal; onProgress(value: Record<string, unknown>): void },
  ): Promise<Analysis>;
  /** Opens an image of an uploaded archive; the file is fetched from the object store if need be. */
  openUploaded(key: string, digest: string): Promise<{ image: OpenImage; dispose(): Promise<void> }>;
  /** Matches the packages of a stored analysis against the current vulnerability data. */
  match(analysisId: number): Promise<void>;
  /** Judges the image for an account, after matching. */
  evaluate(account: string, digest: string, tags: string[]): Promise<void>;
}

/** Job: fetch, analyse, store, match, judge. Safe to repeat from the start at any point. */
export function analyzeJob(deps: AnalyzeDependencies): JobDefinition<AnalyzePayload> {
  return {
    kind: ANALYZE_JOB,
    payload: AnalyzePayload,
    concurrency: deps.concurrency,
    leaseSeconds: 25,
    retries: 2,
    lost: (payload, reason) => fail(deps, payload.digest, `the analysis was given up: ${reason}`),
    async run(payload, job) {
      if ((await accountsAwaiting(deps.database.db, payload.digest)).length === 0) return;
      try {
        await run(deps, payload, job);
      } catch (error) {
        // Cancelled by a deletion or a shutdown: the former needs nothing, the latter is taken over by another process.
        if (job.signal.aborted || !job.last) throw error;
        await fail(deps, payload.digest, (error as Error).message);
        throw error;
      }
    },
  };
}

async function run(deps: AnalyzeDependencies, payload: AnalyzePayload, job: JobContext): Promise<void> {
  const { database } = deps;
  const accounts = await database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, payload.digest, 'analyzing', {
      accounts: await awaitingOrNone(tx, payload.digest),
      host: deps.host,
    });
    for (const account of moved) await deps.revisions.touch(tx, account);
    return moved;
  });
  if (accounts.length === 0) return;
  const analysisId = (await reusable(deps, payload)) ?? (await analyzeAndStore(deps, payload, job));
  await report(deps, payload.digest, job, { phase: 'matching' });
  await deps.match(analysisId);
  // Accounts that added the image meanwhile are served as well.
  const finished = await database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, payload.digest, 'analyzed', {
      accounts: await awaitingOrNone(tx, payload.digest),
      analysisId,
      host: deps.host,
    });
    for (const account of moved) await announce(deps, tx, account, payload.digest, 'image_analysis_completed', {});
    return moved;
  });
  for (const account of finished) {
    const tags = (await tagsOf(database.db, account, payload.digest)).map(fullTag);
    await deps.evaluate(account, payload.digest, tags);
    await database.transaction((tx) => deps.revisions.touch(tx, account));
  }
}

type Tx = Parameters<typeof accountsAwaiting>[0];

/** An empty IN list is no SQL: a name that no account can have stands for "none". */
async function awaitingOrNone(tx: Tx, digest: string): Promise<string[]> {
  const accounts = await accountsAwaiting(tx, digest);
  return accounts.length > 0 ? accounts : [''];
}

async function reusable(deps: AnalyzeDependencies, payload: AnalyzePayload): Promise<number | undefined> {
  if (payload.force) return undefined;
  const analysis = await findAnalysis(deps.database.db, payload.digest);
  return analysis?.analyzer_version === deps.analyzerVersion ? analysis.id : undefined;
}

async function analyzeAndStore(deps: AnalyzeDependencies, payload: AnalyzePayload, job: JobContext): Promise<number> {
  await report(deps, payload.digest, job, { phase: 'fetching' });
  const opened = await open(deps, payload, job.signal);
  try {
    let last = 0;
    const analysis = await deps.analyze(opened.image, {
      signal: job.signal,
      onProgress(value) {
        // Progress is for people: twice a second is plenty.
        if (Date.now() - last < 500) return;
        last = Date.now();
        report(deps, payload.digest, job, { phase: 'analyzing', ...value }).catch(() => undefined);
      },
    });
    const keys = await putAnalysis(deps.objects, analysis);
    return await deps.database.transaction((tx) => saveAnalysis(tx, payload.digest, analysis, keys));
  } finally {
    await opened.dispose();
  }
}

async function open(deps: AnalyzeDependencies, payload: AnalyzePayload, signal: AbortSignal) {
  if (payload.archive) return deps.openUploaded(payload.archive, payload.digest);
  const { registry, repository, digest } = payload;
  const credentials = await deps.registries.credentialsFor(deps.database.db, payload.account, registry, repository);
  const image = await deps.gateway.open({ registry, repository, digest }, credentials, signal);
  return { image, dispose: () => image.close() };
}

async function report(
  deps: AnalyzeDependencies,
  digest: string,
  job: JobContext,
  value: Record<string, unknown>,
): Promise<void> {
  await job.progress(value);
  await setProgress(deps.database.db, digest, value);
}

async function fail(deps: AnalyzeDependencies, digest: string, error: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, digest, 'analysis_failed', {
      accounts: await awaitingOrNone(tx, digest),
      error,
      host: deps.host,
    });
    for (const account of moved) await announce(deps, tx, account, digest, 'image_analysis_failed', { error });
  });
}

/** One event per tag of the image, in the transaction of the change. */
async function announce(
  deps: AnalyzeDependencies,
  tx: Tx,
  account: string,
  digest: string,
  name: 'image_analysis_completed' | 'image_analysis_failed',
  details: Record<string, unknown>,
): Promise<void> {
  await deps.revisions.touch(tx, account);
  for (const tag of await tagsOf(tx, account, digest)) {
    await appendEvent(tx, { name, account, resource_id: fullTag(tag), details: { image_digest: digest, ...details } });
  }
}
