import classes from './severity.module.css';
import { severityColor, severityOf } from './severity.ts';

/** A severity as a coloured word. */
export function SeverityBadge({ severity }: { severity: string | undefined }) {
  const known = severityOf(severity);
  const color = severityColor(known);
  return (
    <span className={classes.badge} style={{ background: `var(--${color}-soft)`, color: `var(--${color}-text)` }}>
      {known}
    </span>
  );
}
