import type { ECSInventory } from '#contract/ecs.ts';
import type { KubernetesInventory } from '#contract/kubernetes.ts';
import type { InventoryReport } from '#contract/v1/inventories.ts';
import type { Database, Db } from '#platform/database/types.ts';
import { ingestReport } from './ingest.ts';
import { readEcsReport } from './read-ecs.ts';
import { readKubernetesReport } from './read-kubernetes.ts';
import { readListReport } from './read-list.ts';
import type { IngestResult } from './report.ts';
import { type InventoryRetention, inventoryCutoff } from './retention.ts';
import { runningDigests } from './running-store.ts';

/** ARN that an agent sends to learn whether its credentials are good. */
const PROBE = 'validating-creds';

export interface InventoryServiceDependencies {
  database: Database;
  /** Asked at each use: the settings may change while the server runs. */
  retention(): InventoryRetention;
  now?: () => Date;
}

export type InventoryService = ReturnType<typeof createInventoryService>;

/** Takes reports of what runs where. */
export function createInventoryService({ database, retention, now = () => new Date() }: InventoryServiceDependencies) {
  return {
    database,
    retention,
    now,
    /** What was last seen before this moment is gone. */
    cutoff: (): Date => inventoryCutoff(retention(), now()),

    /** When images of the catalogue of an account were last seen running, by digest; those that never ran are left out. */
    lastSeenRunning: (db: Db, account: string): Promise<Map<string, Date>> =>
      runningDigests(db, account, inventoryCutoff(retention(), now())),

    /**
     * Takes a report as lists of images by namespace, as the first agents and clusters read by the server give it. Each
     * listed namespace is taken as whole. Throws 400 for what no cluster can report.
     */
    ingestKaiReport: (account: string, report: InventoryReport): Promise<IngestResult> =>
      ingestReport({ database, retention: retention(), now: now() }, account, readListReport(report, now())),

    /** Takes the report of a Kubernetes agent, whole or one batch of namespaces. Throws 400 naming a dangling reference. */
    ingestKubernetesReport: (account: string, report: KubernetesInventory): Promise<IngestResult> =>
      ingestReport({ database, retention: retention(), now: now() }, account, readKubernetesReport(report)),

    /** Takes the report of an ECS agent. The probe that agents send at the start changes nothing. */
    async ingestEcsReport(account: string, report: ECSInventory): Promise<IngestResult> {
      if (report.cluster_arn === PROBE) return { contexts: [], unchanged: 0, late: 0 };
      return ingestReport({ database, retention: retention(), now: now() }, account, readEcsReport(report));
    },
  };
}
