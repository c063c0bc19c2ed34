import type { z } from 'zod';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { POLICY_LIMITS, POLICY_VERSIONS, type PolicyDocument, policyDocument } from './document.ts';
import { createValidationLog, jsonPointer, type ValidationLog, type ValidationProblem } from './validation-problem.ts';

/** Answer about a document. `document` and `policy` are present exactly when it is valid. */
export interface PolicyValidation {
  valid: boolean;
  validation_details: ValidationProblem[];
  document?: PolicyDocument;
  policy?: CompiledPolicy;
}

/**
 * Judges a V2 policy document before it is saved: version first and alone, then the shape, then everything that the
 * rules mean; all errors of a stage are returned together. Rules of end-of-life gates are refused.
 */
export function validatePolicy(input: unknown): PolicyValidation {
  const log = createValidationLog(POLICY_LIMITS.reportedProblems);
  if (!checkSize(input, log) || !checkVersion(input, log)) return { valid: false, validation_details: log.problems };
  const parsed = policyDocument.safeParse(input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportIssue(issue, input, log);
    return { valid: false, validation_details: log.problems };
  }
  const { policy, problems } = compilePolicy(parsed.data, { eol: 'refuse' });
  if (!policy) return { valid: false, validation_details: problems };
  return { valid: true, validation_details: problems, document: parsed.data, policy };
}

function checkSize(input: unknown, log: ValidationLog): boolean {
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '');
  if (bytes <= POLICY_LIMITS.documentBytes) return true;
  log.error('document_too_large', '', `${bytes} bytes; at most ${POLICY_LIMITS.documentBytes} are allowed`);
  return false;
}

/** Other versions have other shapes: listing their differences key by key would hide the reason. */
function checkVersion(input: unknown, log: ValidationLog): boolean {
  if (typeof input !== 'object' || input === null || !('version' in input)) return true;
  const { version } = input;
  if (typeof version !== 'string' || POLICY_VERSIONS.includes(version)) return true;
  log.error('unsupported_version', '/version', `version "${version.slice(0, 40)}" is not known; write "2"`);
  return false;
}

function reportIssue(issue: z.core.$ZodIssue, input: unknown, log: ValidationLog): void {
  const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      log.error('schema_violation', jsonPointer(...path, key), 'is not a property of this object');
    }
    return;
  }
  if (issue.code === 'invalid_type' && valueAt(input, path) === undefined) {
    log.error('schema_violation', jsonPointer(...path), `'${String(path.at(-1) ?? '')}' is a required property`);
    return;
  }
  log.error('schema_violation', jsonPointer(...path), issue.message);
}

function valueAt(input: unknown, path: (string | number)[]): unknown {
  let value: unknown = input;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
