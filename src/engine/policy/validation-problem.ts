/** Why a document, or one place in it, is refused (`error`) or deserves attention (`warn`). */
export type ValidationProblemType =
  | 'document_too_large'
  | 'unsupported_version'
  | 'schema_violation'
  | 'limit_exceeded'
  | 'duplicate_id'
  | 'reference_not_found'
  | 'unknown_gate'
  | 'unknown_trigger'
  | 'eol_gate'
  | 'eol_trigger'
  | 'deprecated_gate'
  | 'deprecated_trigger'
  | 'unsupported_artifact_type'
  | 'unknown_parameter'
  | 'duplicate_parameter'
  | 'missing_parameter'
  | 'invalid_parameter'
  | 'inert_rule'
  | 'invalid_pattern'
  | 'invalid_expiry'
  | 'truncated';

/** One entry of `validation_details`. */
export interface ValidationProblem {
  severity: 'error' | 'warn';
  problem_type: ValidationProblemType;
  /** JSON pointer (RFC 6901) of the place, then the reason and what would be accepted. */
  details: string;
}

/** Collects problems up to a limit, so that a hostile document cannot make a huge answer. */
export interface ValidationLog {
  error(type: ValidationProblemType, pointer: string, text: string): void;
  warn(type: ValidationProblemType, pointer: string, text: string): void;
  readonly problems: ValidationProblem[];
  readonly hasErrors: boolean;
}

/** Starts an empty log that keeps at most `limit` entries, errors before all. */
export function createValidationLog(limit: number): ValidationLog {
  const errors: ValidationProblem[] = [];
  const warnings: ValidationProblem[] = [];
  let dropped = 0;
  function add(list: ValidationProblem[], problem: ValidationProblem): void {
    if (list.length < limit) list.push(problem);
    else dropped += 1;
  }
  return {
    error: (type, pointer, text) =>
      add(errors, { severity: 'error', problem_type: type, details: `${pointer || '/'}: ${text}` }),
    warn: (type, pointer, text) =>
      add(warnings, { severity: 'warn', problem_type: type, details: `${pointer || '/'}: ${text}` }),
    get problems() {
      const kept = [...errors, ...warnings].slice(0, limit);
      const hidden = dropped + errors.length + warnings.length - kept.length;
      if (hidden === 0) return kept;
      const details = `/: ${hidden} more problems are not listed`;
      return [...kept, { severity: 'warn' as const, problem_type: 'truncated' as const, details }];
    },
    get hasErrors() {
      return errors.length > 0;
    },
  };
}

/** Joins segments to a JSON pointer, escaping as RFC 6901 asks. */
export function jsonPointer(...segments: (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
