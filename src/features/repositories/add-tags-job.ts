import { z } from 'zod';
import type { ImageService } from '#features/images/index.ts';
import type { JobDefinition } from '#platform/jobs/types.ts';
import { AppError } from '#shared/errors.ts';

export const ADD_TAGS_JOB = 'repository-add-tags';

const AddTagsPayload = z.object({
  account: z.string(),
  registry: z.string(),
  repository: z.string(),
  tags: z.array(z.string()),
  autoSubscribe: z.boolean(),
});
export type AddTagsPayload = z.output<typeof AddTagsPayload>;

/** Failures of a registry that pass: a tag that met one is tried again. */
const PASSING = ['unreachable', 'rate_limited'];

/**
 * Job: adds tags of a repository as images. A tag that cannot be added leaves an event and does not stop the others;
 * when the registry was at fault, the job is run again, which costs the tags that were added no more than a question.
 */
export function addTagsJob(images: Pick<ImageService, 'add'>): JobDefinition<AddTagsPayload> {
  return {
    kind: ADD_TAGS_JOB,
    payload: AddTagsPayload,
    concurrency: 1,
    leaseSeconds: 120,
    retries: 6,
    retryDelaySeconds: 30,
    async run({ account, registry, repository, tags, autoSubscribe }, job) {
      let done = 0;
      let passing: AppError | undefined;
      for (const tag of tags) {
        job.signal.throwIfAborted();
        try {
          await images.add(
            account,
            { source: { tag: { pull_string: `${registry}/${repository}:${tag}` } } },
            // A registry that is down is told once at the beginning, and once more at the end.
            { force: false, autoSubscribe, silent: passing !== undefined || (job.attempt > 1 && !job.last) },
          );
        } catch (error) {
          // The failed look-up is recorded as an event by the images feature.
          if (!(error instanceof AppError)) throw error;
          if (PASSING.includes(error.errorType)) passing = error;
        }
        done += 1;
        await job.progress({ tags_done: done, tags_total: tags.length });
      }
      if (passing) throw passing;
    },
  };
}
