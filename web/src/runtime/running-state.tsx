import type { RunningState } from '#contract/windlass-inventory.ts';
import { Badge, type Tone } from '../states/badge.tsx';

const STATES: Record<RunningState, { word: string; tone: Tone }> = {
  analyzed: { word: 'Analysed', tone: 'good' },
  analyzing: { word: 'Being analysed', tone: 'low' },
  not_analyzed: { word: 'Waiting', tone: 'low' },
  analysis_failed: { word: 'Analysis failed', tone: 'critical' },
  not_in_catalog: { word: 'Never added', tone: 'high' },
};

/** State of a running image in a word. */
export function runningStateWord(state: RunningState): string {
  return STATES[state].word;
}

/** Whether a running image was analysed. */
export function RunningStateBadge({ state }: { state: RunningState }) {
  return <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge>;
}
