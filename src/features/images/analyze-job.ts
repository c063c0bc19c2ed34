import { z } from 'zod';
import type { OpenImage } from '#engine/image/types.ts';
import type { Analysis } from '#engine/model/analysis.ts';
import { putAnalysis, saveAnalysis, sentAnalysis, sharedAnalysis } from '#features/analyses/index.ts';
import { appendEvent } from '#features/events/index.ts';
import type { RegistryService } from '#features/registries/index.ts';
import { subscribedTags, subscriptionPayload } from '#features/subscriptions/index.ts';
import type { Database } from '#platform/database/types.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import type { ImageGateway } from './gateway.ts';
import type { AccountRevisions } from './revision.ts';
import { accountsAwaiting, findImage, setAnalysisStatus, setProgress } from './store.ts';
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
  /** The account has an analysis of its own already, by an import or out of the archive: it is taken, for nobody else. */
  stored: z.boolean().optional(),
  force: z.boolean().default(false),
});
export type AnalyzePayload = z.output<typeof AnalyzePayload>;

export const ANALYZE_JOB = 'image-analyze';
/** What is left after so many is found by housekeeping. */
const MORE_TURNS = 3;

/** Key of the job: a digest is analysed once for all accounts, unless one of them sent the analysis. */
export function analyzeKey({ digest, account, stored }: Pick<AnalyzePayload, 'digest' | 'account' | 'stored'>): string {
  return stored ? `${digest} ${account}` : digest;
}

export interface AnalyzeDependencies {
  database: Database;
  objects: ObjectStore;
  registries: Pick<RegistryService, 'credentialsFor'>;
  gateway: ImageGateway;
  revisions: AccountRevisions;
  /** Version of the analyzer set: an analysis of the same version is used again. */
  analyzerVersion(): Promise<string>;
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
    lost: (payload, reason) => fail(deps, payload, `the analysis was given up: ${reason}`),
    async run(payload, job) {
      const awaited = async () => (await accountsAwaiting(deps.database.db, payload.digest)).length > 0;
      if (!(await awaited())) return;
      try {
        await run(deps, payload, job);
        // Added again, or by another account, while the run was ending: no other job is made for it then.
        for (let turn = 0; turn < MORE_TURNS && !payload.stored && (await awaited()); turn += 1)
          await run(deps, payload, job);
      } catch (error) {
        // Cancelled by a deletion or a shutdown: the former needs nothing, the latter is taken over by another process.
        if (job.signal.aborted || !job.last) throw error;
        await fail(deps, payload, (error as Error).message);
        throw error;
      }
    },
  };
}

async function run(deps: AnalyzeDependencies, payload: AnalyzePayload, job: JobContext): Promise<void> {
  const { database } = deps;
  const accounts = await database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, payload.digest, 'analyzing', {
      accounts: await servedBy(tx, payload),
      host: deps.host,
    });
    for (const account of moved) await deps.revisions.touch(tx, account);
    return moved;
  });
  if (accounts.length === 0) return;
  const analysisId = payload.stored
    ? await storedAnalysis(deps, payload)
    : ((await reusable(deps, payload)) ?? (await analyzeAndStore(deps, payload, job)));
  await report(deps, payload.digest, job, { phase: 'matching' });
  await deps.match(analysisId);
  // Accounts that added the image meanwhile are served as well.
  const finished = await database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, payload.digest, 'analyzed', {
      accounts: await servedBy(tx, payload),
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

/**
 * The accounts that a run works for: all that wait for the digest, or the one that sent the analysis. An empty IN list
 * is no SQL: a name that no account can have stands for "none".
 */
async function servedBy(tx: Tx, { digest, account, stored }: Pick<AnalyzePayload, 'digest' | 'account' | 'stored'>) {
  const waiting = await accountsAwaiting(tx, digest);
  const accounts = stored ? waiting.filter((name) => name === account) : waiting;
  return accounts.length > 0 ? accounts : [''];
}

async function storedAnalysis(deps: AnalyzeDependencies, { account, digest }: AnalyzePayload): Promise<number> {
  const analysis = await sentAnalysis(deps.database.db, account, digest);
  if (!analysis) throw new Error(`the stored analysis of ${digest} is gone`);
  return analysis.id;
}

async function reusable(deps: AnalyzeDependencies, payload: AnalyzePayload): Promise<number | undefined> {
  if (payload.force) return undefined;
  const analysis = await sharedAnalysis(deps.database.db, payload.digest);
  return analysis?.analyzer_version === (await deps.analyzerVersion()) ? analysis.id : undefined;
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

async function fail(deps: AnalyzeDependencies, payload: AnalyzePayload, error: string): Promise<void> {
  const { digest } = payload;
  await deps.database.transaction(async (tx) => {
    const moved = await setAnalysisStatus(tx, digest, 'analysis_failed', {
      accounts: await servedBy(tx, payload),
      error,
      host: deps.host,
    });
    for (const account of moved) {
      await appendEvent(tx, {
        name: 'image_digest_analysis_failed',
        account,
        resource_id: digest,
        details: { image_digest: digest, error },
      });
      await announce(deps, tx, account, digest, 'image_analysis_failed', { error });
    }
  });
}

/** One event for each subscribed tag of the image, in the transaction of the change. */
async function announce(
  deps: AnalyzeDependencies,
  tx: Tx,
  account: string,
  digest: string,
  name: 'image_analysis_completed' | 'image_analysis_failed',
  details: Record<string, unknown>,
): Promise<void> {
  await deps.revisions.touch(tx, account);
  const tags = (await tagsOf(tx, account, digest)).map(fullTag);
  const subscribed = await subscribedTags(tx, account, 'analysis_update', tags);
  const annotations = (await findImage(tx, account, digest))?.annotations ?? {};
  const state = (analysis_status: string) => ({ image_digest: digest, analysis_status, annotations });
  for (const tag of tags) {
    if (!subscribed.has(tag)) continue;
    await appendEvent(tx, {
      name,
      account,
      resource_id: tag,
      details: {
        image_digest: digest,
        ...subscriptionPayload(account, 'analysis_update', tag),
        last_eval: state('analyzing'),
        curr_eval: state(name === 'image_analysis_completed' ? 'analyzed' : 'analysis_failed'),
        annotations,
        ...details,
      },
    });
  }
}
