import { Alert, type AlertProps } from '@mantine/core';
import type { CSSProperties } from 'react';

const COLORS = { good: 'good', warning: 'medium', failure: 'critical', news: 'low' } as const;

/** A message of the page, in colours that can be read in both themes. */
export function Notice({
  kind,
  style,
  ...props
}: Omit<AlertProps, 'color' | 'variant' | 'style'> & { kind: keyof typeof COLORS; style?: CSSProperties }) {
  const color = COLORS[kind];
  const colors = { '--alert-bg': `var(--${color}-soft)`, '--alert-color': `var(--${color}-text)` } as CSSProperties;
  return <Alert variant="light" {...props} style={{ ...colors, ...style }} />;
}
