import type { ReactNode } from 'react';
import classes from './states.module.css';

/** Colours of the product that a badge may have. */
export type Tone = 'good' | 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown';

/** A state as a coloured word. */
export function Badge({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) {
  return (
    <span
      className={classes.badge}
      style={{ background: `var(--${tone}-soft)`, color: `var(--${tone}-text)` }}
      {...(title ? { title } : {})}
    >
      {children}
    </span>
  );
}
