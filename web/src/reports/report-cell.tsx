import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cellText } from '#shared/report-table.ts';
import { utcTime } from '../api/run-report.ts';
import { formatTime } from '../format/time.ts';
import { sentenceCase, shortDigest } from '../format/words.ts';
import { SeverityBadge } from '../severity/severity-badge.tsx';
import { Badge } from '../states/badge.tsx';

const TIMES = /(At|lastSeen|closedAt)$/;
const DIGESTS = /(^|\.)(digest|imageDigest)$/;
const WORDS = new Set(['reason', 'analysisStatus', 'annotationStatus', 'inventoryType']);

/** Last name of a path. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** How wide a column is, in pixels, and whether it is set in fixed pitch. */
export function cellLook(path: string): { width?: number; least?: number; mono?: true; align?: 'right' } {
  const name = nameOf(path);
  if (name === 'severity' || name === 'result') return { width: 116 };
  if (name === 'vulnerabilityId') return { width: 188, mono: true };
  if (DIGESTS.test(path)) return { width: 140, mono: true };
  if (TIMES.test(name)) return { width: 186 };
  if (/(Score|Percentile|Count|^value)$/.test(name)) return { width: 112, align: 'right' };
  if (name === 'isKev') return { width: 160 };
  if (/^(willNotFix|inheritedFromBase|current|latest|active)$/.test(name)) return { width: 136 };
  if (/(Arn|purl|artifactPath|metricId|containerId)$/.test(name)) return { least: 260, mono: true };
  return { least: 130 };
}

/** A value as it stands in the table. */
export function reportCell(path: string, value: unknown, linked: boolean): ReactNode {
  if (value === null || value === undefined || value === '') return '';
  const name = nameOf(path);
  const text = cellText(value);
  // values of several lists side by side are one text
  if (name === 'severity' && !text.includes(';')) return <SeverityBadge severity={text} />;
  if (name === 'result' && /^(Pass|Fail)$/.test(text))
    return <Badge tone={text === 'Pass' ? 'good' : 'critical'}>{text}</Badge>;
  if (name === 'isKev') return value === true ? <Badge tone="critical">Exploited</Badge> : '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (TIMES.test(name)) return formatTime(utcTime(text)) || text;
  if (DIGESTS.test(path) && /^sha256:[0-9a-f]{64}$/.test(text))
    return linked ? (
      <Anchor
        size="sm"
        inherit
        title={text}
        renderRoot={(props) => <Link to="/images/$digest" params={{ digest: text }} {...props} />}
      >
        {shortDigest(text)}
      </Anchor>
    ) : (
      <span title={text}>{shortDigest(text)}</span>
    );
  const shown = WORDS.has(name) ? sentenceCase(text) : typeof value === 'number' ? figure(value) : text;
  return <span title={text}>{shown}</span>;
}

/** Counts with thousands separated, shares with their last figures. */
const figure = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 5 });
