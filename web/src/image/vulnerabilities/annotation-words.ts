import type { VulnerabilityAnnotation } from '#contract/vulnerability-annotations.ts';
import type { Finding } from './finding.ts';

export type AnnotationStatus = VulnerabilityAnnotation['status'];
export type Justification = NonNullable<VulnerabilityAnnotation['justification']>;

/** What a vulnerability means in an image, in words. */
export const STATUS_WORDS: Record<AnnotationStatus, string> = {
  not_affected: 'Not affected',
  affected: 'Affected',
  fixed: 'Fixed',
  under_investigation: 'Under investigation',
};

/** Why an image is not affected, in words. */
export const JUSTIFICATION_WORDS: Record<Justification, string> = {
  component_not_present: 'The component is not there',
  vulnerable_code_not_present: 'The vulnerable code is not there',
  vulnerable_code_not_in_execute_path: 'The vulnerable code is never run',
  vulnerable_code_cannot_be_controlled_by_adversary: 'An attacker cannot get at the vulnerable code',
  inline_mitigations_already_exist: 'Something built in prevents it',
  fix_not_planned: 'No fix is planned',
};

/** Justifications that go with a status. */
export function justificationsFor(status: AnnotationStatus): Justification[] {
  if (status === 'affected') return ['fix_not_planned'];
  if (status !== 'not_affected') return [];
  return (Object.keys(JUSTIFICATION_WORDS) as Justification[]).filter((one) => one !== 'fix_not_planned');
}

/** Was it said that the finding needs no more work? Such findings are left out unless asked for. */
export function isSettled(finding: Pick<Finding, 'annotation_status'>): boolean {
  return finding.annotation_status === 'not_affected' || finding.annotation_status === 'fixed';
}
