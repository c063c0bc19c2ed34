import type { PolicyRecord } from '#contract/policies.ts';
import { DEFAULT_POLICY, type PolicyDocument, policyDigest, validatePolicy } from '#engine/policy/index.ts';
import type { NewEvent } from '#features/events/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { badRequest, conflict, notFound } from '#shared/errors.ts';
import {
  activatePolicy,
  deletePolicy,
  findActivePolicy,
  findPolicy,
  insertPolicy,
  listPolicies,
  lockPolicies,
  type PolicyContent,
  type PolicyRow,
  updatePolicy,
} from './store.ts';

export interface PolicyServiceDependencies {
  database: Database;
  /** Records an event in the transaction of the change. */
  emit(tx: Db, event: NewEvent): Promise<unknown>;
  /** Called in the same transaction when other rules became active: the place to enqueue a re-evaluation. */
  activeChanged?(tx: Db, account: string): Promise<void>;
}

export type PolicyService = ReturnType<typeof createPolicyService>;

/** What a PUT carries. */
export interface PolicyUpdate {
  record: PolicyRecord;
  /** The query parameter; it outweighs the record's member. */
  active?: boolean | undefined;
  requestId?: string;
}

/** Policies of an account: documents, and which one is active. */
export function createPolicyService(deps: PolicyServiceDependencies) {
  const { database, emit } = deps;
  const { db } = database;

  async function get(account: string, policyId: string): Promise<PolicyRow> {
    const row = await findPolicy(db, account, policyId);
    if (!row) throw policyNotFound(policyId);
    return row;
  }

  async function announce(
    tx: Db,
    name: NewEvent['name'],
    account: string,
    policyId: string,
    details: Record<string, unknown>,
    requestId?: string,
  ) {
    await emit(tx, { name, account, resource_id: policyId, details, ...(requestId ? { request_id: requestId } : {}) });
    await deps.activeChanged?.(tx, account);
  }

  return {
    get,

    list: (account: string) => listPolicies(db, account),

    active: (account: string) => findActivePolicy(db, account),

    /** Adds an inactive policy. 400 with `validation_details` for an invalid document, 409 when the id is taken. */
    async create(account: string, input: unknown): Promise<PolicyRow> {
      const content = contentOf(input);
      return database.transaction(async (tx) => {
        const row = await insertPolicy(tx, account, content, false);
        if (!row) throw conflict(`policy already exists: ${content.policyId}`);
        return row;
      });
    },

    /**
     * Replaces a policy and, when asked, makes it the active one. A record without document changes the activation
     * only. The active policy cannot be made inactive: another one must be activated.
     */
    async update(account: string, policyId: string, { record, active, requestId }: PolicyUpdate): Promise<PolicyRow> {
      if (record.policy_id !== policyId)
        throw badRequest(`policy_id of the body (${record.policy_id}) differs from the path (${policyId})`);
      const content = record.policy ? contentOf(record.policy) : undefined;
      if (content && content.policyId !== policyId)
        throw badRequest(`id of the policy document (${content.policyId}) differs from the path (${policyId})`);
      const wanted = active ?? record.active;
      return database.transaction(async (tx) => {
        await lockPolicies(tx, account);
        const before = await findPolicy(tx, account, policyId, true);
        if (!before) throw policyNotFound(policyId);
        if (before.active && !wanted)
          throw badRequest(`policy ${policyId} is active and cannot be made inactive: activate another policy`);
        const changed = content !== undefined && content.digest !== before.digest;
        if (content) await updatePolicy(tx, account, content);
        if (wanted && !before.active) {
          const previous = await activatePolicy(tx, account, policyId);
          await announce(
            tx,
            'policy_active_updated',
            account,
            policyId,
            { last_policy_id: previous ?? null, curr_policy_id: policyId },
            requestId,
          );
        } else if (before.active && changed) {
          const details = { last_policy_digest: before.digest, curr_policy_digest: content.digest };
          await announce(tx, 'policy_active_content_change', account, policyId, details, requestId);
        }
        return (await findPolicy(tx, account, policyId))!;
      });
    },

    /** Removes an inactive policy. 404 when unknown, 400 when active. */
    async remove(account: string, policyId: string): Promise<void> {
      await database.transaction(async (tx) => {
        await lockPolicies(tx, account);
        const row = await findPolicy(tx, account, policyId, true);
        if (!row) throw policyNotFound(policyId);
        if (row.active)
          throw badRequest(`policy ${policyId} is active and cannot be deleted: activate another policy first`);
        await deletePolicy(tx, account, policyId);
      });
    },

    /** Gives a new account the default policy, active. Does nothing when the account has an active policy. */
    async installDefault(tx: Db, account: string): Promise<void> {
      await lockPolicies(tx, account);
      if (await findActivePolicy(tx, account)) return;
      const inserted = await insertPolicy(tx, account, contentOf(DEFAULT_POLICY), true);
      if (!inserted) await activatePolicy(tx, account, DEFAULT_POLICY.id);
    },
  };
}

/** 404 for a policy that the account does not have. */
export function policyNotFound(policyId: string) {
  return notFound(`policy not found: ${policyId}`);
}

/** Validates a document; every problem is in the detail of the error. */
function contentOf(input: unknown): PolicyContent {
  const { document, validation_details: details } = validatePolicy(input);
  if (!document) {
    const first = details.find((problem) => problem.severity === 'error');
    throw badRequest(`policy is not valid: ${first?.details ?? 'unknown reason'}`, {
      error_codes: ['POLICY_VALIDATION_FAILED'],
      validation_details: details,
    });
  }
  return {
    policyId: checkId(document),
    name: document.name,
    description: document.description ?? null,
    document,
    digest: policyDigest(document),
  };
}

/** The id is part of paths and keys. */
function checkId({ id }: PolicyDocument): string {
  if (id === '' || id.length > 255) throw badRequest('id of a policy must have 1 to 255 characters');
  return id;
}
