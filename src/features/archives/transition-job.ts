import { z } from 'zod';
import type { ImageService } from '#features/images/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { JobContext, JobDefinition } from '#platform/jobs/types.ts';
import type { ArchiveService } from './archive-service.ts';
import {
  archivedSet,
  globalRules,
  listRules,
  type RuleRow,
  setRuleError,
  toTransitionRule,
  workingSet,
} from './rule-store.ts';
import { type Candidate, selectTransitions } from './transition-rules.ts';

export const TRANSITION_JOB = 'archive-transition';

export interface TransitionDependencies {
  database: Database;
  archives: Pick<ArchiveService, 'archive' | 'remove'>;
  images: Pick<ImageService, 'remove'>;
  /** When images of an account were last seen running, by digest. */
  lastSeenRunning(db: Db, account: string): Promise<Map<string, Date>>;
  onError(error: unknown, image: { account: string; digest: string }): void;
  now?(): Date;
}

/** What a rule would move now, oldest first. */
export async function previewRule(
  deps: Pick<TransitionDependencies, 'database' | 'lastSeenRunning' | 'now'>,
  account: string,
  rule: RuleRow,
): Promise<string[]> {
  const candidates = await candidatesOf(deps, account, rule.transition);
  return selectTransitions([toTransitionRule(rule)], candidates, deps.now?.() ?? new Date());
}

/** Job: applies the rules of every account, first those for all accounts, then the account's own. */
export function transitionJob(deps: TransitionDependencies): JobDefinition<Record<string, never>> {
  return {
    kind: TRANSITION_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 120,
    retries: 1,
    async run(_payload, job) {
      const { db } = deps.database;
      const everywhere = await globalRules(db);
      const accounts = await db.selectFrom('account').select('name').where('state', '=', 'enabled').execute();
      let moved = 0;
      for (const { name } of accounts) {
        const own = (await listRules(db, name, false)).filter((rule) => !rule.system_global);
        for (const rules of [everywhere, own]) {
          // Into the archive before out of it: one run never does both to the same image, ages being counted anew.
          for (const transition of ['archive', 'delete'] as const) {
            const chosen = rules.filter((rule) => rule.transition === transition);
            if (chosen.length > 0) moved += await apply(deps, job, name, chosen);
          }
        }
        await job.progress({ account: name, moved });
      }
    },
  };
}

async function apply(
  deps: TransitionDependencies,
  job: JobContext,
  account: string,
  rules: RuleRow[],
): Promise<number> {
  const { transition } = rules[0]!;
  const candidates = await candidatesOf(deps, account, transition);
  const digests = selectTransitions(rules.map(toTransitionRule), candidates, deps.now?.() ?? new Date());
  const cause = `rules ${rules.map((rule) => rule.rule_id).join(', ')}`;
  let failed: string | null = null;
  for (const digest of digests) {
    job.signal.throwIfAborted();
    try {
      if (transition === 'delete') await deps.archives.remove(account, digest, cause);
      else await move(deps, account, digest, cause);
    } catch (error) {
      failed = `${digest}: ${(error as Error).message}`;
      deps.onError(error, { account, digest });
    }
  }
  await setRuleError(
    deps.database.db,
    rules.map((rule) => rule.rule_id),
    failed,
  );
  return digests.length;
}

async function move(deps: TransitionDependencies, account: string, digest: string, cause: string): Promise<void> {
  await deps.archives.archive(account, digest, cause);
  const [outcome] = await deps.images.remove(account, [digest], true);
  if (outcome?.status !== 'deleting') throw new Error(outcome?.detail ?? 'the archived image could not be deleted');
}

async function candidatesOf(
  deps: Pick<TransitionDependencies, 'database' | 'lastSeenRunning'>,
  account: string,
  transition: string,
): Promise<Candidate[]> {
  const { db } = deps.database;
  if (transition === 'delete') return archivedSet(db, account);
  const seen = await deps.lastSeenRunning(db, account);
  return (await workingSet(db, account)).map((image) => ({ ...image, lastSeen: seen.get(image.digest) }));
}
