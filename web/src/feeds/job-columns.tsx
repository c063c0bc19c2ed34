import { Button, Progress } from '@mantine/core';
import type { Job } from '#contract/windlass.ts';
import { formatCount } from '../format/number.ts';
import { formatSize } from '../format/size.ts';
import { formatDuration } from '../format/time.ts';
import { sentenceCase } from '../format/words.ts';
import { Ago } from '../states/ago.tsx';
import type { Column } from '../table/column.ts';
import classes from './feeds.module.css';

const COLORS: Record<Job['state'], string> = {
  queued: 'unknown',
  active: 'low',
  retry: 'medium',
  completed: 'good',
  failed: 'critical',
  cancelled: 'unknown',
};

/** Whether the job has not ended. */
export function isOpen(job: Job): boolean {
  return job.state === 'queued' || job.state === 'active' || job.state === 'retry';
}

/** Columns of the jobs. */
export function jobColumns(cancel: (job: Job) => void): Column<Job>[] {
  return [
    {
      id: 'kind',
      title: 'Job',
      width: 170,
      value: (job) => sentenceCase(job.kind),
      cell: (job) => <b>{sentenceCase(job.kind)}</b>,
    },
    { id: 'key', title: 'On', from: 900, mono: true, value: (job) => job.key },
    {
      id: 'state',
      title: 'State',
      width: 118,
      value: (job) => job.state,
      cell: (job) => (
        <span
          className={classes.state}
          style={{ background: `var(--${COLORS[job.state]}-soft)`, color: `var(--${COLORS[job.state]}-text)` }}
        >
          {sentenceCase(job.state)}
        </span>
      ),
    },
    {
      id: 'progress',
      title: 'Progress',
      sortable: false,
      wrap: true,
      value: (job) => job.error ?? progressText(job.progress),
      cell: (job) => <JobProgress job={job} />,
    },
    { id: 'attempt', title: 'Attempt', width: 86, align: 'right', from: 1200, value: (job) => job.attempt },
    {
      id: 'created',
      title: 'Added',
      width: 120,
      align: 'right',
      from: 800,
      value: (job) => job.created_at,
      cell: (job) => <Ago time={job.created_at} />,
    },
    {
      id: 'took',
      title: 'Took',
      width: 100,
      align: 'right',
      from: 1100,
      value: took,
      cell: (job) => (took(job) === undefined ? '' : formatDuration(took(job)!)),
    },
    {
      id: 'cancel',
      title: '',
      width: 92,
      sortable: false,
      searchable: false,
      value: () => undefined,
      cell: (job) =>
        isOpen(job) ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => cancel(job)}
            aria-label={`Cancel ${sentenceCase(job.kind)}`}
          >
            Cancel
          </Button>
        ) : null,
    },
  ];
}

function took(job: Job): number | undefined {
  if (!job.started_at || !job.completed_at) return undefined;
  return Date.parse(job.completed_at) - Date.parse(job.started_at);
}

function JobProgress({ job }: { job: Job }) {
  if (job.error) return <span className={classes.error}>{job.error}</span>;
  if (!isOpen(job)) return null;
  const percent = jobPercent(job.progress);
  const text = progressText(job.progress);
  return (
    <div className={classes.progress}>
      {text ? <span>{text}</span> : null}
      {percent === undefined ? null : (
        <Progress value={percent} size="sm" animated aria-label={`Progress of ${sentenceCase(job.kind)}`} />
      )}
    </div>
  );
}

/** Per cent, when the job tells both what is done and what there is, under any of its names. */
export function jobPercent(progress: Job['progress']): number | undefined {
  for (const name of ['bytes', 'records', 'packages', 'layers', 'rows']) {
    const [done, total] = amounts(progress, name);
    if (done !== undefined && total) return Math.min(100, (100 * done) / total);
  }
  return undefined;
}

function amounts(progress: Job['progress'], name: string): [number | undefined, number | undefined] {
  const read = (...keys: string[]) =>
    keys.map((key) => progress?.[key]).find((value) => typeof value === 'number') as number | undefined;
  return [read(`${name}_done`, `${name}Done`), read(`${name}_total`, `${name}Total`)];
}

/** What a job reports, in words: its phase, then what it counted. */
export function progressText(progress: Job['progress']): string {
  if (!progress) return '';
  const phase = [progress.phase, progress.stage].find((value) => typeof value === 'string') as string | undefined;
  const parts = phase ? [sentenceCase(phase)] : [];
  for (const name of ['layers', 'bytes', 'records', 'packages', 'rows']) {
    const [done, total] = amounts(progress, name);
    if (done === undefined) continue;
    const write = name === 'bytes' ? formatSize : (value: number) => formatCount(value);
    const unit = name === 'bytes' ? '' : ` ${name}`;
    parts.push(total === undefined ? `${write(done)}${unit}` : `${write(done)} of ${write(total)}${unit}`);
  }
  return parts.join(', ');
}
