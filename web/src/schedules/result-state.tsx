import type { ReportResult } from '#contract/windlass-report-schedules.ts';
import { Badge, type Tone } from '../states/badge.tsx';

const LOOKS: Record<ReportResult['status'], [tone: Tone, word: string]> = {
  queued: ['unknown', 'Waits'],
  running: ['low', 'Running'],
  complete: ['good', 'Complete'],
  failed: ['critical', 'Failed'],
  cancelled: ['unknown', 'Cancelled'],
};

/** How a run stands. */
export function ResultState({ status }: Pick<ReportResult, 'status'>) {
  const [tone, word] = LOOKS[status];
  return <Badge tone={tone}>{word}</Badge>;
}

/** Whether a run may still go on. */
export const isUnderway = ({ status }: Pick<ReportResult, 'status'>): boolean =>
  status === 'queued' || status === 'running';
