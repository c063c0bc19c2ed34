import { Checkbox, Group, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { MetricSeries } from '#contract/windlass-metrics.ts';
import { formatCount } from '../format/number.ts';
import { Nothing } from '../states/nothing.tsx';
import { type Figure, pointsOf } from './metrics.ts';
import classes from './overview.module.css';
import { TimeChart } from './time-chart.tsx';

/** Figures of one kind: their numbers now, each with a way to the rows behind it, and their course. */
export function Widget(props: {
  title: string;
  about: string;
  figures: readonly Figure[];
  series: readonly MetricSeries[];
  start: number;
  end: number;
}) {
  const { title, about, figures, series, start, end } = props;
  const [chosen, choose] = useState(() => figures.filter(({ first }) => first).map(({ name }) => name));
  const lines = useMemo(
    () => figures.map((figure) => ({ ...figure, points: pointsOf(figure, series) })),
    [figures, series],
  );
  const drawn = useMemo(() => lines.filter(({ name }) => chosen.includes(name)), [lines, chosen]);
  return (
    <Paper component="section" p="md" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      <div className={classes.figures}>
        {lines.map((line) => (
          <FigureNumber key={line.name} figure={line} points={line.points} />
        ))}
      </div>
      {lines.every(({ points }) => points.length === 0) ? (
        <Nothing title="No samples in this time">Choose a longer time, or take a sample now.</Nothing>
      ) : (
        <>
          <Checkbox.Group
            value={chosen}
            onChange={(names) => names.length > 0 && choose(names)}
            aria-label={`Lines of ${title}`}
            mt="md"
            mb="xs"
          >
            <Group gap="sm">
              {figures.map(({ name, color }) => (
                <Checkbox
                  key={name}
                  value={name}
                  size="xs"
                  label={
                    <span className={classes.key}>
                      <i style={{ background: color }} />
                      {name}
                    </span>
                  }
                />
              ))}
            </Group>
          </Checkbox.Group>
          <TimeChart label={`${title} over time`} lines={drawn} start={start} end={end} />
        </>
      )}
    </Paper>
  );
}

function FigureNumber({ figure, points }: { figure: Figure; points: readonly { value: number }[] }) {
  const last = points.at(-1)?.value;
  const change = last === undefined ? 0 : last - (points[0]?.value ?? last);
  const number = last === undefined ? '—' : formatCount(last);
  return (
    <div className={classes.figure} style={{ borderColor: figure.color }}>
      {figure.report ? (
        <Link
          to="/reports/$report"
          params={{ report: figure.report.name }}
          search={figure.report.values}
          className={classes.number}
          aria-label={`${figure.name}: ${number}, show the rows`}
        >
          {number}
        </Link>
      ) : (
        <span className={classes.number}>{number}</span>
      )}
      <span className={classes.name}>{figure.name}</span>
      <span className={classes.change}>
        {change === 0 ? 'no change' : `${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))}`}
      </span>
    </div>
  );
}
