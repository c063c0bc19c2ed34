import { Tooltip } from '@mantine/core';
import type { PolicyEvaluationFinding } from '#contract/image-check.ts';
import { ActionBadge } from '../../severity/verdict-badge.tsx';
import type { Column } from '../../table/column.ts';
import classes from './check.module.css';

const ORDER = { stop: 0, warn: 1, go: 2 } as const;

/** Columns of the findings of an evaluation. */
export const checkColumns: Column<PolicyEvaluationFinding>[] = [
  {
    id: 'action',
    title: 'Action',
    width: 96,
    value: (finding) => finding.action,
    order: (finding) => ORDER[finding.action] + (finding.allowlisted ? 3 : 0),
    cell: (finding) => <ActionBadge action={finding.action} allowed={finding.allowlisted} />,
  },
  { id: 'gate', title: 'Gate', from: 99_999, value: (finding) => finding.gate },
  { id: 'trigger', title: 'Trigger', width: 190, from: 900, value: (finding) => finding.trigger },
  {
    id: 'message',
    title: 'Finding',
    wrap: true,
    value: (finding) => finding.message,
    cell: (finding) => <Message finding={finding} />,
  },
  {
    id: 'trigger_id',
    title: 'Trigger id',
    width: 240,
    from: 1350,
    mono: true,
    value: (finding) => finding.trigger_id,
  },
  { id: 'recommendation', title: 'Recommendation', from: 99_999, value: (finding) => finding.recommendation },
  { id: 'allowlisted', title: 'Allowlisted', from: 99_999, value: (finding) => finding.allowlisted },
];

function Message({ finding }: { finding: PolicyEvaluationFinding }) {
  return (
    <div className={classes.message}>
      <span>{finding.message}</span>
      {finding.allowlisted ? (
        <Tooltip label={finding.allowlist_match?.matched_rule_id ?? 'allowed by an entry of the policy'}>
          <span className={classes.mark}>
            Allowlisted{finding.allowlist_match?.name ? ` by ${finding.allowlist_match.name}` : ''}
          </span>
        </Tooltip>
      ) : null}
      {finding.inherited_from_base ? <span className={classes.mark}>From the base image</span> : null}
      {finding.recommendation ? <span className={classes.advice}>{finding.recommendation}</span> : null}
    </div>
  );
}
