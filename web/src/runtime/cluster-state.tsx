import type { InventoryCluster } from '#contract/inventory-clusters.ts';
import { Badge } from '../states/badge.tsx';

const STATES = {
  pending: { word: 'First reading', tone: 'low' },
  ok: { word: 'Read', tone: 'good' },
  failing: { word: 'Failing', tone: 'critical' },
} as const;

/** State of the readings of a cluster in words. */
export function clusterStateWord(status: InventoryCluster['status']): string {
  return STATES[status].word;
}

/** State of the readings of a cluster. */
export function ClusterState({ status }: { status: InventoryCluster['status'] }) {
  return <Badge tone={STATES[status].tone}>{STATES[status].word}</Badge>;
}
