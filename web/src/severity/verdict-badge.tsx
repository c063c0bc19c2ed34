import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import classes from './verdict.module.css';

/** Outcome of a policy: `go` passes, `warn` passes with warnings, `stop` fails. */
export type Outcome = 'go' | 'warn' | 'stop';

const LOOKS = {
  go: { word: 'Pass', color: 'good', Icon: IconCircleCheck },
  warn: { word: 'Warn', color: 'medium', Icon: IconAlertTriangle },
  stop: { word: 'Fail', color: 'critical', Icon: IconCircleX },
} as const;

/** The verdict of a policy on an image. */
export function VerdictBadge({ outcome, large = false }: { outcome: Outcome; large?: boolean }) {
  const { word, color, Icon } = LOOKS[outcome];
  return (
    <span
      className={large ? `${classes.badge} ${classes.large}` : classes.badge}
      style={{ background: `var(--${color}-soft)`, color: `var(--${color}-text)` }}
    >
      <Icon size={large ? 20 : 15} stroke={2} aria-hidden />
      {word}
    </span>
  );
}

/** The action that a finding asks for. */
export function ActionBadge({ action, allowed = false }: { action: Outcome; allowed?: boolean }) {
  const { color } = LOOKS[action];
  const style = allowed
    ? { background: 'var(--unknown-soft)', color: 'var(--unknown-text)', textDecoration: 'line-through' }
    : { background: `var(--${color}-soft)`, color: `var(--${color}-text)` };
  return (
    <span className={classes.action} style={style}>
      {action}
    </span>
  );
}
