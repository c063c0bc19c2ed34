import { Badge } from '../states/badge.tsx';

const CHANGES = {
  added: { word: 'Added', tone: 'critical' },
  removed: { word: 'Removed', tone: 'good' },
  changed: { word: 'Changed', tone: 'medium' },
} as const;

/** Whether a finding came, went or changed. */
export function ChangeBadge({ change }: { change: keyof typeof CHANGES }) {
  return <Badge tone={CHANGES[change].tone}>{CHANGES[change].word}</Badge>;
}
