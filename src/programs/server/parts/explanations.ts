import { analysisOfImage } from '#features/analyses/index.ts';
import { createExplanationService, explanationRoutes } from '#features/explanations/index.ts';
import { createFindingHistory } from '#features/findings/index.ts';
import { notFound } from '#shared/errors.ts';
import type { Part, Wiring } from './part.ts';

/** Why an image has a vulnerability or not, and what was known of it before. */
export function wireExplanations({ platform, images, findings, current }: Wiring): Part {
  const { database, objects } = platform;
  const explanations = createExplanationService({ database, objects, findings, currentIndex: current.get });
  const history = createFindingHistory({
    database,
    currentIndex: current.get,
    settings: findings.settings,
    async analysisOf(account, digest) {
      const image = await images.getAnalyzed(account, digest);
      const analysis = await analysisOfImage(database.db, image);
      if (!analysis) throw notFound(`analysis of image ${digest} is missing`);
      return { id: analysis.id, analyzedAt: image.analyzed_at ?? undefined };
    },
  });
  return { routes: explanationRoutes({ explanations, history }) };
}
