import { readFile } from 'node:fs/promises';
import type { CompiledPolicy, PolicyEvaluationResult } from '#engine/policy/index.ts';
import {
  compilePolicy,
  DEFAULT_POLICY,
  evaluate,
  importV1Policy,
  isV1Document,
  scanFacts,
  toEvaluationResult,
  validatePolicy,
} from '#engine/policy/index.ts';
import { SCHEMES } from '#engine/versions/registry.ts';
import type { SourceFindings } from '#engine/vulnerabilities/find-vulnerabilities.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { usageFailure } from '../failure.ts';
import type { AnalysedSource } from './analyse.ts';
import { policyTarget } from './policy-target.ts';

/** Reads a V2 policy document (V1 bundles are translated). Without a file: the default policy. Throws CliFailure. */
export async function loadPolicy(file: string | undefined): Promise<CompiledPolicy> {
  if (file === undefined) {
    const { policy } = compilePolicy(DEFAULT_POLICY, { eol: 'refuse' });
    return policy!;
  }
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw usageFailure(`${file} is not JSON: ${cause.message}`);
    throw cause;
  }
  const {
    valid,
    policy,
    validation_details: problems,
  } = validatePolicy(isV1Document(document) ? importV1Policy(document).document : document);
  if (valid && policy) return policy;
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ details }) => details);
  throw usageFailure(
    `${file} is no valid policy: ${errors[0] ?? 'it cannot be read'}`,
    errors.slice(1, 10).join('\n  ') || undefined,
  );
}

/** Judges what was found. */
export function judge(
  source: AnalysedSource,
  found: SourceFindings,
  index: VulnerabilityIndex,
  options: { policy: CompiledPolicy; tag?: string | undefined; now: Date },
): PolicyEvaluationResult {
  const { policy, now } = options;
  const evaluation = evaluate(policy, policyTarget(source, options), scanFacts(source.analysis, found, index), now, {
    versions: (name) => SCHEMES[name],
  });
  return toEvaluationResult(evaluation, policy.document);
}
