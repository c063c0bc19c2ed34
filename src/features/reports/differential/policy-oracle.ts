import type { EvaluationFact, TagFact } from './facts.ts';
import { type Asked, fitsTag, inScope } from './filter-oracle.ts';
import { compareLists } from './finding-oracle.ts';
import { fitsText, fitsTime } from './text-match.ts';
import { groupsOf, type Row, sortedBy, written } from './vulnerability-oracle.ts';

const WORDS: Record<string, string> = { allowlisted: 'whitelisted', denylisted: 'blacklisted' };

export const fullTag = (tag: TagFact): string => `${tag.registry}/${tag.repository}:${tag.tag}`;

function reasonOf({ final_action_reason, status, findings, broken }: EvaluationFact): string {
  const word = WORDS[final_action_reason];
  if (word) return word;
  return status === 'fail' && findings === 0 && broken ? 'error' : 'policy_evaluation';
}

function isLatest({ fleet }: Asked, evaluation: EvaluationFact): boolean {
  const { account, digest, tag, policy_id } = evaluation;
  const same = fleet.evaluations.filter(
    (one) => one.account === account && one.digest === digest && one.tag === tag && one.policy_id === policy_id,
  );
  return sortedBy(same, (one) => [one.evaluated_at, one.id]).at(-1) === evaluation;
}

const policyOf = ({ fleet }: Asked, { account, policy_id }: EvaluationFact) =>
  fleet.policies.find((policy) => policy.account === account && policy.policy_id === policy_id);

/** Is the evaluation asked for? */
export function fitsEvaluation(asked: Asked, evaluation: EvaluationFact): boolean {
  const wanted = asked.filter.policyEvaluation ?? {};
  const policy = asked.filter.policyBundle ?? {};
  const isActive = policyOf(asked, evaluation)?.active === true;
  const ofPolicy =
    policy.id || policy.digest
      ? fitsText(evaluation.policy_id, policy.id) && fitsText(evaluation.policy_digest, policy.digest)
      : isActive || (policy.active === false && evaluation.by_active_policy);
  return (
    ofPolicy &&
    (!wanted.result || wanted.result.toLowerCase() === evaluation.status) &&
    (!wanted.reason || (WORDS[wanted.reason] ?? wanted.reason) === reasonOf(evaluation)) &&
    (wanted.latestOnly === false || isLatest(asked, evaluation)) &&
    fitsTime(
      evaluation.evaluated_at,
      { after: wanted.after, before: wanted.before, days: wanted.evaluatedInLast },
      asked.now,
    )
  );
}

/** Evaluations as they are listed, the newest first. */
export function evaluationViews(asked: Asked, evaluations: readonly EvaluationFact[]): Row[] {
  return sortedBy(evaluations, (one) => [-Date.parse(one.evaluated_at), -one.id]).map((one) => ({
    result: one.status === 'pass' ? 'Pass' : 'Fail',
    reason: reasonOf(one),
    lastEvaluatedAt: written(one.evaluated_at),
    latest: isLatest(asked, one),
    policyBundle: {
      ...{ bundleId: one.policy_id, bundleDigest: one.policy_digest },
      ...{ name: policyOf(asked, one)?.name ?? null, active: policyOf(asked, one)?.active ?? false },
    },
  }));
}

function evaluationsOfTag(asked: Asked, tag: TagFact): EvaluationFact[] {
  return asked.fleet.evaluations.filter(
    (one) =>
      one.account === tag.account &&
      one.digest === tag.digest &&
      one.tag === fullTag(tag) &&
      fitsEvaluation(asked, one),
  );
}

/** Repositories with judged tags, each with the registry around it: pages are cut between them. */
export function policyEvaluationsByTag(asked: Asked, orderBy = 'NAME_ASC'): Row[] {
  const tags = asked.fleet.tags.filter(
    (tag) =>
      inScope(asked, tag.account) &&
      fitsTag(asked, tag) &&
      fitsText(tag.digest, asked.filter.image?.digest) &&
      asked.fleet.images.some(
        (image) => image.account === tag.account && image.digest === tag.digest && image.image_status === 'active',
      ) &&
      evaluationsOfTag(asked, tag).length > 0,
  );
  const keyOf = (tag: TagFact) => [tag.account, tag.registry, tag.repository];
  const sign = orderBy === 'NAME_DESC' ? -1 : 1;
  return [...groupsOf(tags, (tag) => keyOf(tag).join('\n')).values()]
    .sort((a, b) => sign * compareLists(keyOf(a[0]!), keyOf(b[0]!)))
    .map((of) => ({
      ...{ registryName: of[0]!.registry, accountName: of[0]!.account },
      repositories: [
        {
          repositoryName: of[0]!.repository,
          tagsCount: new Set(of.map(({ tag }) => tag)).size,
          tags: sortedBy(of, (tag) => [tag.tag, -tag.id]).map((tag) => ({
            ...{
              tagName: tag.tag,
              imageDigest: tag.digest,
              detectedAt: written(tag.detected_at),
              current: tag.closed_at === null,
            },
            evaluations: evaluationViews(asked, evaluationsOfTag(asked, tag)),
          })),
        },
      ],
    }));
}

/** Rows of an answer with one repository in each, as above. */
export function flatRepositories(rows: readonly Row[]): Row[] {
  return rows.flatMap((row) =>
    (row.repositories as Row[]).map((repository) => ({ ...row, repositories: [repository] })),
  );
}
