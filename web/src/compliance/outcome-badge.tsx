import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { ComplianceOutcome, ComplianceVerdict, RuntimeComplianceCheck } from '#contract/windlass-compliance.ts';
import classes from './compliance.module.css';

const COLORS: Record<ComplianceOutcome, string> = {
  fail: 'critical',
  error: 'high',
  unknown: 'high',
  pass: 'good',
  fixed: 'good',
  informational: 'low',
  notchecked: 'medium',
  notapplicable: 'unknown',
  notselected: 'unknown',
};

/** Outcomes in words for people. */
export const OUTCOME_WORDS: Record<ComplianceOutcome, string> = {
  fail: 'Fail',
  error: 'Error',
  unknown: 'Unknown',
  pass: 'Pass',
  fixed: 'Fixed',
  informational: 'Informational',
  notchecked: 'Not checked',
  notapplicable: 'Not applicable',
  notselected: 'Not selected',
};

/** How a rule came out. */
export function OutcomeBadge({ outcome }: { outcome: ComplianceOutcome | undefined }) {
  if (outcome === undefined) return <span className={classes.absent}>Absent</span>;
  const color = COLORS[outcome];
  return (
    <span className={classes.outcome} style={{ background: `var(--${color}-soft)`, color: `var(--${color}-text)` }}>
      {OUTCOME_WORDS[outcome]}
    </span>
  );
}

const VERDICTS: Record<ComplianceVerdict, { word: string; color: string; Icon: typeof IconCircleX }> = {
  pass: { word: 'Pass', color: 'good', Icon: IconCircleCheck },
  fail: { word: 'Fail', color: 'critical', Icon: IconCircleX },
  inconclusive: { word: 'Inconclusive', color: 'unknown', Icon: IconHelpCircle },
};

const STATES = { pending: 'Being read', failed: 'Unreadable', 'no-results': 'No results', parsed: '' } as const;

/** What a run says as a whole, or why nobody knows. */
export function CheckVerdict({ check }: { check: RuntimeComplianceCheck }) {
  const { summary, state } = check;
  const { word, color, Icon } = summary
    ? VERDICTS[summary.verdict]
    : { word: STATES[state], color: state === 'failed' ? 'high' : 'unknown', Icon: IconHelpCircle };
  return (
    <span className={classes.verdict} style={{ background: `var(--${color}-soft)`, color: `var(--${color}-text)` }}>
      <Icon size={15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}
