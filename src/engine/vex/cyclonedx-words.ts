import type { VexJustification, VexStatus } from './types.ts';

/** Impact analysis states of CycloneDX 1.4 to 1.6 by status. */
export const STATE: Record<VexStatus, string> = {
  not_affected: 'not_affected',
  affected: 'exploitable',
  fixed: 'resolved',
  under_investigation: 'in_triage',
};

/** Statuses by state. A false positive does not affect; what was resolved with its history is fixed. */
export const STATUS_OF_STATE: Record<string, VexStatus> = {
  not_affected: 'not_affected',
  false_positive: 'not_affected',
  exploitable: 'affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  in_triage: 'under_investigation',
};

/** Nearest justification of CycloneDX; `fix_not_planned` is a response there. */
export const CDX_JUSTIFICATION: Partial<Record<VexJustification, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'requires_environment',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

/** Nearest justification of OpenVEX for one of CycloneDX. */
export const JUSTIFICATION_OF_CDX: Record<string, VexJustification> = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_cannot_be_controlled_by_adversary',
  requires_dependency: 'component_not_present',
  requires_environment: 'vulnerable_code_cannot_be_controlled_by_adversary',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
};

/** Properties in which what CycloneDX has no field for survives a round trip. */
export const PROPERTY = {
  justification: 'windlass:vex:justification',
  statusNotes: 'windlass:vex:status_notes',
  impactStatement: 'windlass:vex:impact_statement',
  actionStatement: 'windlass:vex:action_statement',
} as const;
