export { type Compilation, type CompiledPolicy, compilePolicy } from './compile.ts';
export { DEFAULT_POLICY, DEFAULT_POLICY_ID } from './default-policy.ts';
export { canonicalJson, policyDigest } from './digest.ts';
export { POLICY_LIMITS, type PolicyDocument, policyDocument } from './document.ts';
export { type ImportedPolicy, importV1Policy, isV1Document } from './document-import.ts';
export { type EvaluateOptions, type Evaluation, evaluate, evaluateBroken, markInherited } from './evaluate.ts';
export type { Action, Finding } from './finding.ts';
export { normalizeReference } from './image-name.ts';
export { type GateSpec, policySpec } from './policy-spec.ts';
export {
  type PolicyEvaluationResult,
  type SourceEvaluationResult,
  toEvaluationResult,
  toSourceEvaluationResult,
} from './result.ts';
export type { VersionSchemes } from './run-rule.ts';
export { malwareFact, type ScannedVulnerabilities, scanFacts } from './scan-facts.ts';
export type { Fact, PolicyFacts, PolicyTarget, RegistryPackage, VulnerabilityFact } from './types.ts';
export { type PolicyValidation, validatePolicy } from './validate.ts';
export type { ValidationProblem } from './validation-problem.ts';
