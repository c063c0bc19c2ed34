import type { Accounts } from '#features/accounts/index.ts';
import type { ApplyDependencies } from '#features/corrections/index.ts';
import type { CurrentIndex } from '#features/feeds/index.ts';
import type { createFindingService, createPolicyFacts } from '#features/findings/index.ts';
import type { createAccountRevisions, createImageService, createRegistryGateway } from '#features/images/index.ts';
import type { InventoryService } from '#features/inventory/index.ts';
import type { createEvaluationService, createPolicyService } from '#features/policies/index.ts';
import type { createRegistryService } from '#features/registries/index.ts';
import type { ReportExecution } from '#features/reports/index.ts';
import type { createRepositoryService } from '#features/repositories/index.ts';
import type { createLiveSettings, Statistic } from '#features/system/index.ts';
import type { Db } from '#platform/database/types.ts';
import type { BoundOperation } from '#platform/http/index.ts';
import type { Platform } from '../platform.ts';
import type { createUploads } from '../uploads.ts';

/** What the main job offers to the features that are built on it. */
export interface Wiring {
  platform: Platform;
  live: ReturnType<typeof createLiveSettings>;
  uploads: ReturnType<typeof createUploads>;
  accounts: Accounts;
  revisions: Awaited<ReturnType<typeof createAccountRevisions>>;
  gateway: ReturnType<typeof createRegistryGateway>;
  registries: ReturnType<typeof createRegistryService>;
  repositories: ReturnType<typeof createRepositoryService>;
  images: ReturnType<typeof createImageService>;
  current: CurrentIndex;
  findings: ReturnType<typeof createFindingService>;
  policyFacts: ReturnType<typeof createPolicyFacts>;
  policies: ReturnType<typeof createPolicyService>;
  evaluations: ReturnType<typeof createEvaluationService>;
  /** Called in the transaction that stores a verdict which differs from the one before. */
  onVerdict(hook: (tx: Db, account: string) => Promise<unknown>): void;
  /** What corrections of packages need to be applied. */
  corrections: ApplyDependencies;
  /** Takes reports of what runs where. */
  inventory: InventoryService;
  /** Runs reports; there once the part of the reports is wired, for those after it. */
  reports?: ReportExecution;
  /** Where features add their numbers about the installation. */
  statistics: { add(statistic: Statistic): void };
}

/** A feature put together with what it needs. Its jobs are defined when it is made: before the queue starts. */
export interface Part {
  routes: BoundOperation[];
  /** Called once the queue runs. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
