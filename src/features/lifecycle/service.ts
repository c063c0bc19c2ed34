import { randomUUID } from 'node:crypto';
import type {
  ArtifactLifecyclePolicy,
  ArtifactLifecyclePolicyConditions,
} from '#contract/artifact-lifecycle-policies.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { isUuid } from '#shared/uuid.ts';
import {
  type Conditions,
  expiredImages,
  findPolicy,
  listPolicies,
  lockPolicies,
  markDeleted,
  nameTaken,
  type PolicyRow,
  savePolicy,
  versionsOf,
} from './store.ts';

/** Longest age that a policy may ask for: a hundred years. */
const MAX_DAYS = 36_500;
/** Images that one run of a policy looks at. */
const BATCH = 10_000;

export interface LifecycleDependencies {
  database: Database;
  /** Which of the images of an account run somewhere. */
  running(db: Db, account: string): Promise<ReadonlySet<string>>;
}

export type LifecycleService = ReturnType<typeof createLifecycleService>;

/** Policies of the installation that delete old images of every account. */
export function createLifecycleService({ database, running }: LifecycleDependencies) {
  const { db } = database;

  async function get(uuid: string): Promise<PolicyRow> {
    const row = isUuid(uuid) ? await findPolicy(db, uuid) : undefined;
    if (!row) throw notFound(`artifact lifecycle policy not found: ${uuid}`);
    return row;
  }

  async function save(body: ArtifactLifecyclePolicy, known?: string): Promise<PolicyRow> {
    const conditions = readConditions(body.policy_conditions);
    const name = body.name.trim();
    if (name === '') throw badRequest('name must not be empty');
    const uuid = known ?? randomUUID();
    await database.transaction(async (tx) => {
      await lockPolicies(tx);
      const former = known === undefined ? undefined : await findPolicy(tx, known);
      if (former?.deleted_at) throw badRequest('a deleted artifact lifecycle policy cannot be changed');
      if (await nameTaken(tx, name, known)) {
        throw badRequest(`an artifact lifecycle policy named ${name} exists already`);
      }
      await savePolicy(
        tx,
        {
          uuid,
          name,
          description: body.description ?? null,
          action: body.action,
          // A policy that deletes is switched on with intent, after a look at its preview.
          enabled: former ? (body.enabled ?? former.enabled) : (body.enabled ?? false),
          version: (former?.version ?? 0) + 1,
        },
        conditions,
      );
    });
    return get(uuid);
  }

  return {
    get,
    list: (): Promise<PolicyRow[]> => listPolicies(db),
    create: (body: ArtifactLifecyclePolicy): Promise<PolicyRow> => save(body),

    async update(uuid: string, body: ArtifactLifecyclePolicy): Promise<PolicyRow> {
      await get(uuid);
      return save(body, uuid);
    },

    async remove(uuid: string): Promise<void> {
      const row = await get(uuid);
      if (!row.deleted_at) await markDeleted(db, uuid);
    },

    /** The policy with the conditions of one version, of the newest, or of all. */
    async versions(uuid: string, choice: { version?: number; latest?: boolean }) {
      const policy = await get(uuid);
      const all = await versionsOf(db, uuid);
      if (choice.version !== undefined) {
        const chosen = all.filter(({ version }) => version === choice.version);
        if (chosen.length === 0) throw notFound(`artifact lifecycle policy ${uuid} has no version ${choice.version}`);
        return { policy, versions: chosen };
      }
      return { policy, versions: choice.latest ? all.slice(-1) : all };
    },

    /** The images that a policy would delete now, oldest first, at most ten thousand. */
    async expired(policy: PolicyRow): Promise<{ account: string; digest: string }[]> {
      const conditions = policy.conditions as Conditions;
      const images = await expiredImages(db, conditions, BATCH);
      if (conditions.even_if_exists_in_runtime_inventory) return images;
      const used = new Map<string, ReadonlySet<string>>();
      for (const account of new Set(images.map((image) => image.account))) {
        used.set(account, await running(db, account));
      }
      return images.filter(({ account, digest }) => !used.get(account)?.has(digest));
    },
  };
}

function readConditions(body: ArtifactLifecyclePolicyConditions): Conditions {
  if (body.days_since_analyzed > MAX_DAYS) throw badRequest(`days_since_analyzed must be at most ${MAX_DAYS}`);
  return {
    artifact_type: body.artifact_type,
    days_since_analyzed: body.days_since_analyzed,
    even_if_exists_in_runtime_inventory: body.even_if_exists_in_runtime_inventory,
    include_base_images: body.include_base_images ?? false,
    include_failed_analysis: body.include_failed_analysis ?? false,
  };
}
