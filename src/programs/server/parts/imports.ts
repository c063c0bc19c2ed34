import { z } from 'zod';
import {
  createImportOperations,
  createImportService,
  forgetImports,
  importRoutes,
  sweepImports,
} from '#features/imports/index.ts';
import type { Part, Wiring } from './part.ts';

const SWEEP_JOB = 'import-sweep';

/** Imports of images that were analysed elsewhere, and the upkeep of imports of every kind. */
export function wireImports({ platform, images, gateway, accounts }: Wiring): Part {
  const { config, database, objects, jobs } = platform;
  const operations = createImportOperations({
    database,
    objects,
    subject: 'image',
    limit: { mebibytes: config.analysis.max_import_content_size_mb, setting: 'max_import_content_size_mb' },
    days: config.retention.import_operation_days,
  });
  const imports = createImportService({ operations, objects, gateway });
  images.provideSource('import', (account, source) => imports.open(account, source.import));
  accounts.onAccountDeleting((account) => forgetImports({ database, objects }, account));
  jobs.define({
    kind: SWEEP_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    run: async () => void (await sweepImports({ database, objects })),
  });
  return { routes: importRoutes(operations), start: () => jobs.schedule(SWEEP_JOB, '7,37 * * * *', {}) };
}
