import { createScanService, scanRoutes } from '#features/scans/index.ts';
import type { Part, Wiring } from './part.ts';

/** Scans of SBOMs that leave nothing behind. */
export function wireScans({ policies, findings, current }: Wiring): Part {
  return {
    routes: scanRoutes(createScanService({ policies, currentIndex: current.get, settings: findings.settings })),
  };
}
