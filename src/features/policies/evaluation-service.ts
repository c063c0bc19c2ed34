import {
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  evaluateBroken,
  markInherited,
  normalizeReference,
  type PolicyDocument,
  type PolicyEvaluationResult,
  type PolicyFacts,
  toEvaluationResult,
} from '#engine/policy/index.ts';
import { SCHEMES } from '#engine/versions/registry.ts';
import type { NewEvent } from '#features/events/index.ts';
import { subscribedTags, subscriptionPayload } from '#features/subscriptions/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { AppError, badRequest, notFound } from '#shared/errors.ts';
import { createCompiledPolicies } from './compiled-policies.ts';
import {
  digestOf,
  documentOf,
  inputDigestOf,
  isCurrent,
  resultOf,
  storedResult,
  verdictView,
} from './evaluation-record.ts';
import {
  annotationsOf,
  type EvaluationKey,
  evaluationHistory,
  insertEvaluation,
  latestActiveVerdict,
  latestEvaluation,
  lockEvaluation,
  policyDocuments,
} from './evaluation-store.ts';
import { withInheritance } from './inheritance.ts';
import { policyNotFound } from './service.ts';
import { findActivePolicy, findPolicy, type PolicyRow } from './store.ts';

/** Evaluations in one history answer. */
const HISTORY_LIMIT = 50;

/** Facts of an image, as the image and finding features give them. */
export interface LoadedFacts {
  facts: PolicyFacts;
  imageId: string;
  /** Digest of everything the facts were made of (analysis, open matches, vulnerability data …). Computed from the facts when absent. */
  inputDigest?: string;
}

export interface EvaluationServiceDependencies {
  database: Database;
  /** Facts of an analysed image of the account; undefined or a 404 error when there is none. */
  loadFacts(db: Db, account: string, digest: string, tag: string): Promise<LoadedFacts | undefined>;
  /** The `inputDigest` that `loadFacts` would give, without loading: makes cached answers cheap. */
  inputDigest?(db: Db, account: string, digest: string, tag: string): Promise<string | undefined>;
  emit(tx: Db, event: NewEvent): Promise<unknown>;
  /** Told in the transaction that stores the first verdict of the active policy about a tag, and each that differs. */
  verdictChanged?(tx: Db, account: string): Promise<void>;
  /** Choices of the account. */
  options?(account: string): Promise<EvaluateOptions> | EvaluateOptions;
  /** Full form of a tag or of a reference by digest; undefined when it is neither. Default: the engine's rules, without `library/`. */
  normalizeTag?(tag: string): string | undefined;
  now?(): Date;
}

/** One check of one image. */
export interface CheckRequest {
  account: string;
  digest: string;
  tag: string;
  policyId?: string | undefined;
  /** Evaluate and neither read nor store results, and raise no event. */
  interactive?: boolean | undefined;
  /** All stored evaluations, newest first, instead of the current one only. */
  history?: boolean | undefined;
  /** With the policy and the findings. Default true. */
  detail?: boolean | undefined;
  /** Digest of the image to compare with, or `auto`. Such an evaluation is a view and is not stored. */
  baseDigest?: string | undefined;
}

/** `PolicyEvaluation` of the V2 API. */
export interface CheckResult {
  policy_id: string;
  image_digest: string;
  evaluated_tag: string;
  evaluations: PolicyEvaluationResult[];
}

export type EvaluationService = ReturnType<typeof createEvaluationService>;

/** Judges images by policies, keeps the results and tells about changes. */
export function createEvaluationService(deps: EvaluationServiceDependencies) {
  const { database, emit } = deps;
  const compiled = createCompiledPolicies();
  const now = deps.now ?? (() => new Date());

  async function load(
    db: Db,
    key: EvaluationKey,
    options: EvaluateOptions,
  ): Promise<{ loaded: LoadedFacts; inputDigest: string }> {
    const loaded = await deps.loadFacts(db, key.account, key.digest, key.tag);
    if (!loaded) throw notFound(`image not found or not analyzed: ${key.digest}`);
    return { loaded, inputDigest: inputDigestOf(loaded.inputDigest ?? digestOf(loaded.facts), options) };
  }

  function judge(
    policy: PolicyRow,
    key: EvaluationKey,
    loaded: LoadedFacts,
    options: EvaluateOptions,
    at: Date,
  ): Evaluation {
    const { policy: plan, problems } = compiled(policy.digest, documentOf(policy));
    if (!plan) return evaluateBroken(problems, at);
    const target = { imageDigest: key.digest, imageId: loaded.imageId, tag: key.tag };
    return evaluate(plan, target, loaded.facts, at, { versions: (name) => SCHEMES[name], ...options });
  }

  /** Stores the result unless another process did meanwhile; the event belongs to the same transaction. */
  async function store(
    policy: PolicyRow,
    key: EvaluationKey,
    inputDigest: string,
    evaluation: Evaluation,
  ): Promise<void> {
    const result = toEvaluationResult(evaluation, documentOf(policy));
    await database.transaction(async (tx) => {
      await lockEvaluation(tx, key);
      const latest = await latestEvaluation(tx, key);
      if (latest && isCurrent(latest, policy, inputDigest, now())) return;
      const previous = policy.active ? await latestActiveVerdict(tx, key) : undefined;
      await insertEvaluation(tx, {
        ...key,
        policyDigest: policy.digest,
        inputDigest,
        byActivePolicy: policy.active,
        validUntil: evaluation.validUntil === undefined ? undefined : new Date(evaluation.validUntil),
        stored: storedResult(result, evaluation),
        evaluatedAt: new Date(evaluation.evaluatedAt),
      });
      if (policy.active && previous?.final_action !== result.final_action) await deps.verdictChanged?.(tx, key.account);
      if (!previous || previous.final_action === result.final_action) return;
      if (!(await subscribedTags(tx, key.account, 'policy_eval', [key.tag])).has(key.tag)) return;
      await emit(tx, {
        name: 'tag_policy_evaluation_update',
        account: key.account,
        resource_id: key.tag,
        message: `Policy verdict of ${key.tag} changed from ${previous.final_action} to ${result.final_action}`,
        details: {
          ...subscriptionPayload(key.account, 'policy_eval', key.tag),
          image_digest: key.digest,
          full_tag: key.tag,
          annotations: await annotationsOf(tx, key),
          last_eval: { image_digest: key.digest, ...verdictView(previous) },
          curr_eval: {
            image_digest: key.digest,
            ...verdictView({ ...result, policy_id: policy.policy_id, evaluated_at: new Date(evaluation.evaluatedAt) }),
            number_of_findings: result.number_of_findings,
          },
        },
      });
    });
  }

  /** The current result: the stored one when nothing it depends on changed, else a new one, which is stored. */
  async function current(
    policy: PolicyRow,
    key: EvaluationKey,
    options: EvaluateOptions,
  ): Promise<PolicyEvaluationResult> {
    const { db } = database;
    const latest = await latestEvaluation(db, key);
    const cheap = latest ? await deps.inputDigest?.(db, key.account, key.digest, key.tag) : undefined;
    if (latest && cheap !== undefined && isCurrent(latest, policy, inputDigestOf(cheap, options), now())) {
      return resultOf(latest, documentOf(policy));
    }
    const { loaded, inputDigest } = await load(db, key, options);
    if (latest && isCurrent(latest, policy, inputDigest, now())) return resultOf(latest, documentOf(policy));
    const evaluation = judge(policy, key, loaded, options, now());
    await store(policy, key, inputDigest, evaluation);
    return toEvaluationResult(evaluation, documentOf(policy));
  }

  /** A result that leaves no trace, with the comparison to a base image when one is asked for. */
  async function view(
    policy: PolicyRow,
    key: EvaluationKey,
    options: EvaluateOptions,
    baseDigest: string | undefined,
  ): Promise<PolicyEvaluationResult> {
    const { db } = database;
    const at = now();
    const { loaded } = await load(db, key, options);
    const document = documentOf(policy);
    if (baseDigest === undefined) return toEvaluationResult(judge(policy, key, loaded, options, at), document);
    const digest = baseDigest === 'auto' ? autoBase(loaded.facts) : baseDigest;
    if (digest === undefined)
      return withProblem(judge(policy, key, loaded, options, at), document, 'no base image of this image is known');
    const baseKey = { ...key, digest };
    const base = await loadBase(db, baseKey, options);
    if (typeof base === 'string') return withProblem(judge(policy, key, loaded, options, at), document, base);
    const compared = { ...loaded, facts: withInheritance(loaded.facts, base.facts) };
    const baseEvaluation = judge(policy, baseKey, base, options, at);
    return toEvaluationResult(
      markInherited(judge(policy, key, compared, options, at), baseEvaluation),
      document,
      digest,
    );
  }

  async function loadBase(db: Db, key: EvaluationKey, options: EvaluateOptions): Promise<LoadedFacts | string> {
    try {
      return (await load(db, key, options)).loaded;
    } catch (error) {
      if (error instanceof AppError && error.httpStatus < 500)
        return `base image ${key.digest} cannot be compared: ${error.message}`;
      throw error;
    }
  }

  return {
    /** Answers a check. 404 without policy or analysed image, 400 for a text that is no tag. */
    async evaluateImage(request: CheckRequest): Promise<CheckResult> {
      const { db } = database;
      const tag = (deps.normalizeTag ?? normalizeReference)(request.tag);
      if (tag === undefined) throw badRequest(`tag is neither a tag nor a reference by digest: ${request.tag}`);
      if (
        request.baseDigest !== undefined &&
        request.baseDigest !== 'auto' &&
        !/^sha256:[a-fA-F0-9]{64}$/.test(request.baseDigest)
      ) {
        throw badRequest('base_digest must be an image digest or "auto"');
      }
      const policy = await policyOf(db, request);
      const key = { account: request.account, digest: request.digest.toLowerCase(), tag, policyId: policy.policy_id };
      const options = (await deps.options?.(request.account)) ?? {};
      const isView = request.interactive || request.baseDigest !== undefined;
      const first = isView ? await view(policy, key, options, request.baseDigest) : await current(policy, key, options);
      const evaluations = request.history ? await withHistory(db, key, policy, first, Boolean(isView)) : [first];
      return {
        policy_id: policy.policy_id,
        image_digest: key.digest,
        evaluated_tag: tag,
        evaluations: request.detail === false ? evaluations.map((item) => ({ ...item, details: null })) : evaluations,
      };
    },
  };
}

/** The policy that a check names, else the active one; 404 when there is none. */
export async function policyOf(
  db: Db,
  { account, policyId }: Pick<CheckRequest, 'account' | 'policyId'>,
): Promise<PolicyRow> {
  if (policyId !== undefined) {
    const row = await findPolicy(db, account, policyId);
    if (!row) throw policyNotFound(policyId);
    return row;
  }
  const active = await findActivePolicy(db, account);
  if (!active) throw notFound('the account has no active policy');
  return active;
}

async function withHistory(
  db: Db,
  key: EvaluationKey,
  policy: PolicyRow,
  first: PolicyEvaluationResult,
  isView: boolean,
): Promise<PolicyEvaluationResult[]> {
  const rows = await evaluationHistory(db, key, HISTORY_LIMIT);
  const documents = await policyDocuments(db, [...new Set(rows.map((row) => row.policy_digest))]);
  const stored = rows.map((row) => resultOf(row, documents.get(row.policy_digest) ?? documentOf(policy)));
  return isView || stored.length === 0 ? [first, ...stored] : stored;
}

/** The marked or nearest ancestor. */
function autoBase({ ancestors }: PolicyFacts): string | undefined {
  if (ancestors.state !== 'present') return undefined;
  return (ancestors.value.find((ancestor) => ancestor.isBase) ?? ancestors.value[0])?.imageDigest;
}

function withProblem(evaluation: Evaluation, document: PolicyDocument, details: string): PolicyEvaluationResult {
  const problems = [
    ...evaluation.problems,
    { severity: 'warn' as const, problem_type: 'base_image_unavailable', details },
  ];
  return toEvaluationResult({ ...evaluation, problems }, document);
}
