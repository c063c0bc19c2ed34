import type { FeedBuild } from '#contract/windlass-feeds.ts';
import { Badge, type Tone } from '../states/badge.tsx';

const STATES: Record<FeedBuild['state'], { word: string; tone: Tone }> = {
  building: { word: 'Being built', tone: 'low' },
  ready: { word: 'Ready', tone: 'low' },
  held: { word: 'Held', tone: 'high' },
  current: { word: 'In use', tone: 'good' },
  previous: { word: 'Former', tone: 'unknown' },
  rejected: { word: 'Rejected', tone: 'critical' },
  failed: { word: 'Failed', tone: 'critical' },
};

/** State of a build in a word. */
export function buildStateWord(state: FeedBuild['state']): string {
  return STATES[state].word;
}

/** State of a build. */
export function BuildState({ state }: { state: FeedBuild['state'] }) {
  return <Badge tone={STATES[state].tone}>{STATES[state].word}</Badge>;
}
