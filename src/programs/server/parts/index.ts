import { wireAnalysis } from './analysis.ts';
import { wireArchives } from './archives.ts';
import { wireAudit } from './audit.ts';
import { wireClusters } from './clusters.ts';
import { wireCompliance } from './compliance.ts';
import { wireExplanations } from './explanations.ts';
import { wireImports } from './imports.ts';
import { wireInventory } from './inventory.ts';
import { wireNotifications } from './notifications.ts';
import type { Part, Wiring } from './part.ts';
import { wireReportSchedules } from './report-schedules.ts';
import { wireReports } from './reports.ts';
import { wireScans } from './scans.ts';
import { wireSources } from './sources.ts';
import { wireSso } from './sso.ts';
import { wireVex } from './vex.ts';
import { wireWatching } from './watching.ts';

/** The features that build on the main job, in the order in which their routes are listed. */
export const PARTS: readonly ((wiring: Wiring) => Part | Promise<Part>)[] = [
  wireAnalysis,
  wireArchives,
  wireAudit,
  wireNotifications,
  wireImports,
  wireExplanations,
  wireCompliance,
  wireReports,
  wireReportSchedules,
  wireScans,
  wireSources,
  wireVex,
  wireSso,
  wireInventory,
  wireClusters,
  wireWatching,
];
