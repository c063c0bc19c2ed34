import type { AnalysisArchiveTransitionRule, ArchivedAnalysis } from '#contract/archives.ts';
import { v1ArchiveOperations } from '#contract/v1/archives.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { bindV1, same, translated } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';

/** Routes of archived analyses and the rules that archive. */
export function v1ArchiveRoutes(v2: SecondGeneration): BoundOperation[] {
  return bindV1(
    v1ArchiveOperations,
    {
      list_archives: same,
      list_analysis_archive: translated((analyses) => analyses.map(v1Analysis)),
      archive_image_analysis: same,
      get_archived_analysis: translated(v1Analysis),
      delete_archived_analysis: same,
      list_analysis_archive_rules: translated((rules) => rules.map(v1Rule)),
      create_analysis_archive_rule: async ({ next, body }) => v1Rule(await next({ body: withoutNulls(body) })),
      get_analysis_archive_rule: translated(v1Rule),
      delete_analysis_archive_rule: same,
    },
    v2,
  );
}

function v1Analysis({ image_digest, parent_digest, image_detail = [], ...rest }: ArchivedAnalysis) {
  return {
    imageDigest: image_digest,
    parentDigest: parent_digest,
    image_detail: image_detail.map(({ pull_string, ...detail }) => ({ pullstring: pull_string, ...detail })),
    ...rest,
  };
}

/** Clients read the limits and exclusions of a rule without looking whether it has any. */
function v1Rule({ exclude, max_images_per_account: max, ...rule }: AnalysisArchiveTransitionRule) {
  const { registry, repository, tag } = exclude?.selector ?? {};
  return {
    ...rule,
    max_images_per_account: orNull(max),
    exclude: {
      selector: { registry: registry || null, repository: repository || null, tag: tag || null },
      expiration_days: orNull(exclude?.expiration_days),
      last_seen_in_days: orNull(exclude?.last_seen_in_days),
    },
  };
}

/** What is off is a negative number in the second generation and null in the first. */
const orNull = (value: number | undefined) => (value === undefined || value < 0 ? null : value);

/** Clients write null for what they leave open. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutNulls(item)]));
}
