import type { PolicyEvaluationFinding } from '#contract/image-check.ts';
import { sentenceCase } from '../../format/words.ts';
import { ActionBadge } from '../../severity/verdict-badge.tsx';
import classes from './check.module.css';

/** Name of a gate with its findings counted by action. */
export function GateHeading({ gate, findings }: { gate: string; findings: readonly PolicyEvaluationFinding[] }) {
  const counted = findings.filter((finding) => !finding.allowlisted);
  const allowed = findings.length - counted.length;
  return (
    <span className={classes.gate}>
      <span>{sentenceCase(gate)}</span>
      {(['stop', 'warn', 'go'] as const).map((action) => {
        const count = counted.filter((finding) => finding.action === action).length;
        return count ? (
          <span key={action} className={classes.gateCount}>
            <ActionBadge action={action} /> {count.toLocaleString('en')}
          </span>
        ) : null;
      })}
      {allowed ? <span className={classes.mark}>{allowed.toLocaleString('en')} allowlisted</span> : null}
    </span>
  );
}
