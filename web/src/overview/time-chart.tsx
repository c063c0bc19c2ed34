import { Table } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { formatCount } from '../format/number.ts';
import { formatTime } from '../format/time.ts';
import { chartScale, nearestTime, type Point } from './chart-scale.ts';
import classes from './overview.module.css';

/** A line of a chart. */
export interface ChartLine {
  name: string;
  /** CSS colour. */
  color: string;
  points: readonly Point[];
}

const HEIGHT = 190;
const LEFT = 48;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 24;

/** Values over time. The arrow keys go through the times; the values stand in a table as well. */
export function TimeChart(props: { label: string; lines: readonly ChartLine[]; start: number; end: number }) {
  const { label, lines, start, end } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const [chosen, choose] = useState<number>();
  const times = useMemo(
    () => [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b),
    [lines],
  );
  const area = { left: LEFT, right: Math.max(LEFT + 1, width - RIGHT), top: TOP, bottom: HEIGHT - BOTTOM };
  const scale = chartScale(lines, { start, end, area });
  const at = chosen !== undefined && times.includes(chosen) ? chosen : undefined;

  function step(by: number): void {
    const index = at === undefined ? (by > 0 ? 0 : times.length - 1) : times.indexOf(at) + by;
    const next = times[Math.min(Math.max(index, 0), times.length - 1)];
    if (next !== undefined) choose(next);
  }

  return (
    <div>
      <div
        ref={ref}
        className={classes.chart}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={at === undefined ? Math.max(0, times.length - 1) : times.indexOf(at)}
        aria-valuetext={words(lines, at ?? times.at(-1))}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          step(by);
        }}
        onBlur={() => choose(undefined)}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
          choose(nearestTime(times, scale.timeAt(x)));
        }}
        onPointerLeave={() => choose(undefined)}
      >
        {width > 0 ? (
          <svg width={width} height={HEIGHT} aria-hidden>
            {scale.values.map(({ value, y }) => (
              <g key={value}>
                <line x1={area.left} x2={area.right} y1={y} y2={y} className={classes.grid} />
                <text x={area.left - 8} y={y + 4} textAnchor="end" className={classes.tick}>
                  {short(value)}
                </text>
              </g>
            ))}
            {scale.times.map(({ text, x, anchor }) => (
              <text key={x} x={x} y={HEIGHT - 6} textAnchor={anchor} className={classes.tick}>
                {text}
              </text>
            ))}
            {lines.map(({ name, color, points }) =>
              points.length === 1 ? (
                <circle key={name} cx={scale.x(points[0]!.at)} cy={scale.y(points[0]!.value)} r={3.5} fill={color} />
              ) : (
                <polyline
                  key={name}
                  points={points.map((point) => `${scale.x(point.at)},${scale.y(point.value)}`).join(' ')}
                  className={classes.line}
                  stroke={color}
                />
              ),
            )}
            {at === undefined ? null : (
              <>
                <line x1={scale.x(at)} x2={scale.x(at)} y1={area.top} y2={area.bottom} className={classes.cursor} />
                {lines.map(({ name, color, points }) => {
                  const point = points.find((one) => one.at === at);
                  return point ? (
                    <circle key={name} cx={scale.x(at)} cy={scale.y(point.value)} r={4} fill={color} />
                  ) : null;
                })}
              </>
            )}
          </svg>
        ) : null}
        {at === undefined ? null : (
          <div
            className={classes.tip}
            style={scale.x(at) > width / 2 ? { right: width - scale.x(at) + 10 } : { left: scale.x(at) + 10 }}
            aria-hidden
          >
            <b>{formatTime(new Date(at).toISOString())}</b>
            {lines.map(({ name, color, points }) => (
              <span key={name}>
                <i style={{ background: color }} />
                {name}
                <b>{formatCount(points.find((one) => one.at === at)?.value) || '—'}</b>
              </span>
            ))}
          </div>
        )}
      </div>
      <details className={classes.values}>
        <summary>Values as a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <section className={classes.valuesTable} tabIndex={0} aria-label={`${label}: values`}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Time</Table.Th>
                {lines.map(({ name }) => (
                  <Table.Th key={name} ta="right">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {times.toReversed().map((time) => (
                <Table.Tr key={time}>
                  <Table.Td>{formatTime(new Date(time).toISOString())}</Table.Td>
                  {lines.map(({ name, points }) => (
                    <Table.Td key={name} ta="right">
                      {formatCount(points.find((one) => one.at === time)?.value)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      </details>
    </div>
  );
}

/** The values of a time, for screen readers. */
function words(lines: readonly ChartLine[], at: number | undefined): string {
  if (at === undefined) return 'No values';
  const values = lines.flatMap(({ name, points }) => {
    const value = points.find((one) => one.at === at)?.value;
    return value === undefined ? [] : [`${name} ${formatCount(value)}`];
  });
  return `${formatTime(new Date(at).toISOString())}: ${values.join(', ')}`;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const short = (value: number): string => compact.format(value);
