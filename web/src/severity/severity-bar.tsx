import { Tooltip } from '@mantine/core';
import type { SeverityCounts } from '#contract/windlass.ts';
import { formatCount } from '../format/number.ts';
import classes from './severity.module.css';
import { SEVERITIES, type Severity, severityColor } from './severity.ts';

function countOf(counts: SeverityCounts, severity: Severity): number {
  return counts[severity.toLowerCase() as keyof SeverityCounts];
}

/** Counts in words, for screen readers and tooltips: `2 critical, 10 high`. */
export function severitySummary(counts: SeverityCounts): string {
  const parts = SEVERITIES.flatMap((severity) => {
    const count = countOf(counts, severity);
    return count ? [`${formatCount(count)} ${severity.toLowerCase()}`] : [];
  });
  return parts.length ? parts.join(', ') : 'no known vulnerabilities';
}

/** Open vulnerabilities of an image: a bar in proportion, and the numbers below it. `sure` is false when evidence is missing. */
export function SeverityBar(props: { counts: SeverityCounts; wide?: boolean; sure?: boolean }) {
  const { counts, wide = false, sure = true } = props;
  const shown = SEVERITIES.filter((severity) => countOf(counts, severity) > 0);
  if (shown.length === 0)
    return (
      <span className={classes.none} data-sure={sure}>
        None known
      </span>
    );
  const summary = severitySummary(counts);
  return (
    <Tooltip label={summary} disabled={wide} multiline maw={320}>
      <div className={wide ? classes.wide : classes.compact} role="img" aria-label={summary}>
        <div className={classes.bar}>
          {shown.map((severity) => (
            <span
              key={severity}
              style={{ flexGrow: countOf(counts, severity), background: `var(--${severityColor(severity)})` }}
            />
          ))}
        </div>
        <div className={classes.numbers}>
          {shown.map((severity) => (
            <span key={severity} className={classes.number}>
              <i style={{ background: `var(--${severityColor(severity)})` }} />
              <b>{formatCount(countOf(counts, severity))}</b>
              {wide ? <span>{severity}</span> : null}
            </span>
          ))}
        </div>
      </div>
    </Tooltip>
  );
}
