import type { ImageService } from '#features/images/index.ts';
import { AppError } from '#shared/errors.ts';
import type { RegistryQueries } from './registry-queries.ts';
import { LookError, type Watcher } from './run-watches.ts';

/** Answers of a registry that were there and could not be used. */
const UNREADABLE = ['invalid', 'unsupported', 'digest-mismatch', 'too-large'];

/**
 * Looks whether tags point to other images than before. A tag that moved is added anew, which raises the event of its
 * subscription in the same transaction; so does nothing else here, and a look that is repeated tells nothing twice.
 */
export function tagWatcher(deps: {
  cycle: number;
  queries: RegistryQueries;
  images: Pick<ImageService, 'add'>;
}): Watcher {
  return {
    kind: 'tag',
    cycle: deps.cycle,
    async look({ account, registry, repository, tag, seen_digest, seen_list }, credentials, signal) {
      const name = `${registry}/${repository}:${tag}`;
      const digest = await deps.queries.digestOf({
        account,
        registry,
        repository,
        tag: tag as string,
        known: seen_digest,
        credentials,
        signal,
      });
      if (digest === undefined) throw new LookError('manifest-unknown', `${registry} does not have ${name}`);
      if (digest !== seen_digest) {
        await deps.images
          .add(
            account,
            { source: { tag: { pull_string: name } } },
            { force: false, autoSubscribe: false, silent: true },
          )
          .catch((error: unknown) => {
            throw asFailure(error);
          });
      }
      return { seen_digest: digest, seen_list };
    },
    failureEvent: (reason) => (UNREADABLE.includes(reason) ? 'manifest_parse_fail' : 'registry_lookup_failed'),
  };
}

/** Adding says in an error of the API what the registry said; the cause says it more exactly. */
function asFailure(error: unknown): unknown {
  return error instanceof AppError && error.cause instanceof Error ? error.cause : error;
}
