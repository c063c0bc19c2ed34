import { z } from 'zod';
import { applicationRoutes, createApplicationReports, createApplicationService } from '#features/applications/index.ts';
import { createRelationshipService, relationshipRoutes } from '#features/artifact-relationships/index.ts';
import { applyToNewAnalysis } from '#features/corrections/index.ts';
import { createImportOperations } from '#features/imports/index.ts';
import { createSourceEvaluations } from '#features/policies/index.ts';
import {
  analyzeSourceJob,
  createSourceImportService,
  createSourceService,
  sourceRoutes,
} from '#features/sources/index.ts';
import type { Part, Wiring } from './part.ts';

const SWEEP_JOB = 'source-sweep';

/** Sources, known by the SBOMs that clients send, and what is put together of sources and images. */
export function wireSources({ platform, images, findings, policyFacts, corrections, accounts }: Wiring): Part {
  const { config, database, objects, jobs } = platform;
  const operations = createImportOperations({
    database,
    objects,
    subject: 'source',
    limit: { mebibytes: config.analysis.max_import_source_size_mb, setting: 'max_import_source_size_mb' },
    days: config.retention.import_operation_days,
  });
  const imports = createSourceImportService({ database, jobs, operations });
  const sources = createSourceService({
    database,
    objects,
    findings,
    facts: policyFacts.sources,
    evaluations: createSourceEvaluations({ database }),
  });
  accounts.onAccountDeleting((account) => sources.forget(account));
  jobs.define(
    analyzeSourceJob({
      database,
      objects,
      operations,
      async match(analysisId) {
        await findings.matchAnalysis(analysisId);
        await applyToNewAnalysis(corrections, analysisId);
      },
    }),
  );
  jobs.define({
    kind: SWEEP_JOB,
    payload: z.record(z.string(), z.never()),
    concurrency: 1,
    leaseSeconds: 60,
    retries: 0,
    run: async () => void (await sources.collect()),
  });
  const applications = createApplicationService({ database, images, sources });
  const reports = createApplicationReports({ applications, images, sources, findings });
  return {
    routes: [
      ...sourceRoutes({ operations, imports, sources }),
      ...applicationRoutes({ applications, reports }),
      ...relationshipRoutes(createRelationshipService({ database, images, sources })),
    ],
    start: () => jobs.schedule(SWEEP_JOB, '* * * * *', {}),
  };
}
