import { Progress, Tooltip } from '@mantine/core';
import type { AnalysisProgress, ImageOverview } from '#contract/windlass.ts';
import { formatSize } from '../format/size.ts';
import classes from './images.module.css';

const PHASES: Record<AnalysisProgress['phase'], string> = {
  waiting: 'Waiting for a worker',
  fetching: 'Fetching',
  analyzing: 'Reading layers',
  matching: 'Matching vulnerabilities',
  evaluating: 'Checking policy',
  done: 'Done',
  failed: 'Failed',
};

/** How far an analysis is, in per cent; undefined when nobody knows. Bytes tell more than layers. */
export function progressPercent(progress: AnalysisProgress | undefined): number | undefined {
  if (!progress) return undefined;
  const { bytes_done, bytes_total, layers_done, layers_total } = progress;
  if (bytes_total && bytes_done !== undefined) return Math.min(100, (100 * bytes_done) / bytes_total);
  if (layers_total && layers_done !== undefined) return Math.min(100, (100 * layers_done) / layers_total);
  return undefined;
}

/** Where an image that is not analysed stands: its phase with a bar, or why it failed. */
export function AnalysisState({ image }: { image: Pick<ImageOverview, 'analysis_status' | 'progress'> }) {
  const { progress } = image;
  if (image.analysis_status === 'analysis_failed') {
    const text = progress?.error ?? 'the server gives no reason';
    return (
      <Tooltip label={text} multiline maw={420}>
        <div className={`${classes.state} ${classes.failed}`}>
          <b>Failed:</b> {text}
        </div>
      </Tooltip>
    );
  }
  if (image.analysis_status === 'analyzed') return null;
  const phase = progress?.phase ?? (image.analysis_status === 'analyzing' ? 'analyzing' : 'waiting');
  const percent = progressPercent(progress);
  const moving = phase !== 'waiting';
  return (
    <div className={classes.state} role="status">
      <div className={classes.stateLine}>
        <span>{PHASES[phase]}</span>
        <span>{progressDetail(progress)}</span>
      </div>
      <Progress
        value={percent ?? (moving ? 100 : 0)}
        animated={moving}
        striped={moving && percent === undefined}
        size="sm"
        aria-label={PHASES[phase]}
      />
    </div>
  );
}

function progressDetail(progress: AnalysisProgress | undefined): string {
  if (!progress) return '';
  const { bytes_done, bytes_total, layers_done, layers_total } = progress;
  if (bytes_total && bytes_done !== undefined) return `${formatSize(bytes_done)} of ${formatSize(bytes_total)}`;
  return layers_total && layers_done !== undefined ? `${layers_done} of ${layers_total} layers` : '';
}
