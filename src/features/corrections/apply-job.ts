import { z } from 'zod';
import type { Analysis } from '#engine/model/analysis.ts';
import type { Package } from '#engine/model/package.ts';
import { getAnalysisDocument, saveDistinctPackages } from '#features/analyses/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { applyCorrections, type StoredCorrection } from './apply.ts';
import {
  analysisById,
  appliedDigest,
  type CorrectableAnalysis,
  correctableAnalyses,
  correctingAccounts,
  correctionsDigest,
  listCorrections,
  noteApplied,
  replaceOverrides,
} from './store.ts';

export const APPLY_JOB = 'correction-apply';

const ApplyPayload = z.object({ account: z.string() });
export type ApplyPayload = z.output<typeof ApplyPayload>;

export interface ApplyDependencies {
  database: Database;
  objects: ObjectStore;
  /** Matches distinct packages that were not matched yet. */
  matchPackages(ids: number[]): Promise<void>;
  /** Told after the packages of an account were corrected anew. */
  changed(tx: Db, account: string): Promise<void>;
}

/** Job: brings the packages of all images of an account to its present corrections. */
export function applyJob(deps: ApplyDependencies): JobDefinition<ApplyPayload> {
  const { db } = deps.database;
  return {
    kind: APPLY_JOB,
    payload: ApplyPayload,
    concurrency: 1,
    leaseSeconds: 60,
    retries: 3,
    async run({ account }, job) {
      const corrections = await listCorrections(db, account);
      const digest = correctionsDigest(corrections);
      // Changes in a row have a job each: the first one did the work of all.
      if ((await appliedDigest(db, account)) === digest) return;
      let done = 0;
      const analyses = await correctableAnalyses(db, account, namesOf(corrections));
      for (const analysis of analyses) {
        job.signal.throwIfAborted();
        await applyToAnalysis(deps, account, analysis, corrections);
        done += 1;
        await job.progress({ images_done: done, images_total: analyses.length });
      }
      await deps.database.transaction(async (tx) => {
        await noteApplied(tx, account, digest);
        await deps.changed(tx, account);
      });
    },
  };
}

/** Applies the corrections of every account that has the image of a new analysis. */
export async function applyToNewAnalysis(deps: ApplyDependencies, analysisId: number): Promise<void> {
  const { db } = deps.database;
  for (const account of await correctingAccounts(db, analysisId)) {
    const analysis = await analysisById(db, analysisId);
    if (analysis) await applyToAnalysis(deps, account, analysis, await listCorrections(db, account));
  }
}

async function applyToAnalysis(
  deps: ApplyDependencies,
  account: string,
  stored: CorrectableAnalysis,
  corrections: StoredCorrection[],
): Promise<void> {
  const analysis: Analysis | undefined =
    corrections.length === 0 ? undefined : await getAnalysisDocument(deps.objects, stored);
  const corrected = (analysis?.packages ?? []).flatMap((pkg) => {
    const result = analysis && applyCorrections(analysis, pkg, corrections);
    return result ? [{ id: pkg.id, ...result }] : [];
  });
  const packages: Package[] = corrected.map((one) => one.package);
  const ids = await deps.database.transaction(async (tx) => {
    const saved = analysis ? await saveDistinctPackages(tx, packages, analysis.distro) : [];
    const overrides = corrected.map((one, index) => ({
      document_id: one.id,
      package_id: saved[index]!,
      corrections: one.corrections,
    }));
    await replaceOverrides(tx, account, stored.id, overrides);
    return saved;
  });
  await deps.matchPackages([...new Set(ids)]);
}

/** Names of the packages that corrections may concern; undefined when one of them names none. */
function namesOf(corrections: StoredCorrection[]): string[] | undefined {
  const names = new Set<string>();
  for (const { match } of corrections) {
    const named = (match.field_matches ?? []).find(
      ({ field_name }) => field_name === 'package' || field_name === 'name',
    );
    if (!named) return undefined;
    names.add(named.field_value);
  }
  return [...names];
}
