import type { AnalysisArchiveTransitionRule } from '#contract/archives.ts';
import { archivesOperations } from '#contract/archives.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { present } from '#shared/present.ts';
import type { ArchiveService } from './archive-service.ts';
import type { ArchivedRow, ArchivedTag } from './archive-store.ts';
import type { RuleService } from './rule-service.ts';
import type { RuleRow, StoredExclusion } from './rule-store.ts';

/** Handlers of the archive operations. */
export function archiveRoutes({ archives, rules }: { archives: ArchiveService; rules: RuleService }): BoundOperation[] {
  return bindOperations(archivesOperations, {
    async list_archives({ account }) {
      const summary = await archives.summary(account);
      return {
        images: present({
          total_image_count: summary.images.images,
          total_tag_count: summary.images.tags,
          total_data_bytes: summary.images.bytes,
          last_updated: summary.images.last_updated?.toISOString(),
        }),
        rules: present({ count: summary.rules.count, last_updated: summary.rules.last_updated?.toISOString() }),
      };
    },
    list_analysis_archive: async ({ account }) => (await archives.list(account)).map(archivedView),
    archive_image_analysis: ({ account, body }) => archives.archiveAll(account, body),
    get_archived_analysis: async ({ account, params }) =>
      archivedView(await archives.get(account, params.image_digest)),
    delete_archived_analysis: ({ account, params, query }) =>
      archives.removeOrFail(account, params.image_digest, query.force ?? false),
    list_analysis_archive_rules: async ({ account, query }) =>
      (await rules.list(account, query.system_global ?? true)).map(ruleView),
    create_analysis_archive_rule: async ({ account, body, actor }) =>
      ruleView(await rules.create(account, body, actor.accountType === 'admin')),
    get_analysis_archive_rule: async ({ account, params }) => ruleView(await rules.get(account, params.rule_id)),
    delete_analysis_archive_rule: ({ account, params }) => rules.remove(account, params.rule_id),
  });
}

function archivedView(row: ArchivedRow) {
  const times = { created_at: row.created_at.toISOString(), last_updated: row.last_updated.toISOString() };
  return present({
    image_digest: row.digest,
    parent_digest: row.parent_digest ?? row.digest,
    annotations: row.annotations as Record<string, string>,
    status: row.status as 'archived',
    image_detail: (row.image_detail as ArchivedTag[]).map((tag) => ({ ...tag, ...times })),
    analyzed_at: row.analyzed_at?.toISOString(),
    archive_size_bytes: Number(row.archive_size),
    ...times,
  });
}

function ruleView(row: RuleRow): AnalysisArchiveTransitionRule {
  const exclude = row.exclude as StoredExclusion | null;
  return {
    rule_id: row.rule_id,
    selector: { registry: row.registry, repository: row.repository, tag: row.tag },
    tag_versions_newer: row.tag_versions_newer,
    analysis_age_days: row.analysis_age_days,
    transition: row.transition as 'archive',
    system_global: row.system_global,
    created_at: row.created_at.toISOString(),
    last_updated: row.last_updated.toISOString(),
    // Clients read both members without looking whether they are there.
    exclude: exclude ?? { selector: { registry: '', repository: '', tag: '' }, expiration_days: -1 },
    max_images_per_account: row.max_images_per_account ?? -1,
  };
}
