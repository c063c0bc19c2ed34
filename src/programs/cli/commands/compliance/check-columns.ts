import type { ComplianceRuleResult, RuntimeComplianceCheck } from '#contract/windlass-compliance.ts';
import type { Column } from '../../terminal/table.ts';

/** Columns of lists of checks. */
export const CHECK_COLUMNS: Column<RuntimeComplianceCheck>[] = [
  { title: 'id', value: (row) => row.uuid, keep: true },
  { title: 'image', value: (row) => row.image_tag ?? row.image_digest },
  { title: 'workload', value: (row) => [row.namespace, row.pod].filter(Boolean).join('/') },
  { title: 'profile', value: (row) => row.summary?.profile.title ?? row.summary?.profile.id },
  { title: 'verdict', value: (row) => verdictText(row), keep: true, word: true },
  { title: 'score', value: (row) => scoreText(row), align: 'right' },
  { title: 'pass', value: (row) => row.summary?.counts.pass, align: 'right' },
  { title: 'fail', value: (row) => row.summary?.counts.fail, align: 'right' },
  { title: 'uploaded', value: (row) => row.created_at },
];

/** Columns of lists of rules. */
export const RULE_COLUMNS: Column<ComplianceRuleResult>[] = [
  { title: 'result', value: (row) => row.result, keep: true, word: true },
  { title: 'severity', value: (row) => row.severity, keep: true, word: true },
  { title: 'rule', value: (row) => shortRule(row.rule) },
  { title: 'title', value: (row) => row.title },
];

/** The verdict, or why there is none. */
export function verdictText({ state, summary }: RuntimeComplianceCheck): string {
  return summary?.verdict ?? (state === 'failed' ? 'unreadable' : state);
}

/** The score with its maximum, unless that is 100. */
export function scoreText({ summary }: RuntimeComplianceCheck): string | undefined {
  if (summary?.score === undefined) return undefined;
  const score = String(Math.round(summary.score * 100) / 100);
  return summary.score_maximum === undefined || summary.score_maximum === 100
    ? score
    : `${score}/${summary.score_maximum}`;
}

/** The last part of ids such as `xccdf_org.ssgproject.content_rule_no_empty_passwords`. */
export function shortRule(id: string): string {
  return id.replace(/^xccdf_[^_]+_rule_/, '').replace(/^xccdf_.*content_rule_/, '');
}
