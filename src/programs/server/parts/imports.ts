import { z } from 'zod';
import { createImportService, importRoutes } from '#features/imports/index.ts';
import type { Part, Wiring } from './part.ts';

const SWEEP_JOB = 'import-sweep';

/** Imports of images that were analysed elsewhere. */
export function wireImports({ platform, images, gateway, accounts }: Wiring): Part {
  const { config, database, objects, jobs } = platform;
  const imports = createImportService({
    database,
    objects,
    gateway,
    settings: config.analysis,
    retention: config.retention,
  });
  images.provideSource('import', (account, source) => imports.open(account, source.import));
  accounts.onAccountDeleting((account) => imports.forget(account));
  jobs.define({
    kind: SWEEP_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    run: async () => void (await imports.sweep()),
  });
  return { routes: importRoutes(imports), start: () => jobs.schedule(SWEEP_JOB, '7,37 * * * *', {}) };
}
