import { annotationRoutes, createAnnotationService } from '#features/annotations/index.ts';
import { applyJob, correctionRoutes, createCorrectionService } from '#features/corrections/index.ts';
import { evaluateImageJob, IMAGE_EVALUATE_JOB, REEVALUATE_JOB } from '#features/policies/index.ts';
import { createVexService, vexRoutes } from '#features/vex/index.ts';
import { versions } from '../versions.ts';
import type { Part, Wiring } from './part.ts';

/** Corrections of packages, annotations of findings, and VEX documents. */
export async function wireVex(wiring: Wiring): Promise<Part> {
  const { platform, images, findings, evaluations, revisions, corrections: applying } = wiring;
  const { database, jobs, config, log } = platform;
  const author = config.vex.annotation_author || undefined;
  jobs.define(applyJob(applying));
  jobs.define(
    evaluateImageJob({
      database,
      evaluations,
      onError: (error, tag) => log.warn({ err: error, ...tag }, 'a tag could not be judged'),
      changed: (account) => database.transaction((tx) => revisions.touch(tx, account)),
    }),
  );
  const annotations = createAnnotationService({
    database,
    images,
    author,
    async changed(tx, account, digest) {
      await revisions.touch(tx, account);
      await jobs.send(tx, IMAGE_EVALUATE_JOB, { account, digest });
    },
  });
  const vex = createVexService({
    database,
    images,
    findings,
    author,
    productVersion: (await versions(database)).program,
    async changed(tx, account) {
      await revisions.touch(tx, account);
      await jobs.send(tx, REEVALUATE_JOB, { account });
    },
  });
  const corrections = createCorrectionService({ database, jobs });
  return { routes: [...correctionRoutes(corrections), ...annotationRoutes(annotations), ...vexRoutes(vex)] };
}
