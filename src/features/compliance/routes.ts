import { stigOperations } from '#contract/stig.ts';
import { windlassComplianceOperations } from '#contract/windlass-compliance.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import type { ComplianceService } from './service.ts';
import type { StigService } from './stig-service.ts';
import type { StigRow } from './stig-store.ts';
import { checkView, occurrenceView, ruleView } from './view.ts';

/**
 * Reports of checking programs hold scripts: a browser that is led to one must save it, and would run nothing of it in
 * the origin of this server.
 */
function untrusted(filename: string): Record<string, string> {
  return {
    'content-disposition': `attachment; filename="${filename}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-store',
  };
}

/** Handlers of runtime compliance and of the STIG evaluations of images. */
export function complianceRoutes({
  checks,
  stigs,
}: {
  checks: ComplianceService;
  stigs: StigService;
}): BoundOperation[] {
  return [
    ...bindOperations(windlassComplianceOperations, {
      add_runtime_compliance_check: async ({ account, actor, stream }) =>
        checkView(...(await checks.add(account, actor.username, stream))),
      async list_runtime_compliance_checks({ account, query }) {
        const { rows, files, total } = await checks.list(account, query, query);
        return { items: rows.map((row) => checkView(row, files)), total_rows: total };
      },
      get_runtime_compliance_check: async ({ account, params }) =>
        checkView(...(await checks.get(account, params.check_uuid))),
      delete_runtime_compliance_check: ({ account, params }) => checks.remove(account, params.check_uuid),
      async list_runtime_compliance_rules({ account, params, query }) {
        const { rows, total } = await checks.rules(account, params.check_uuid, query, query);
        return { items: rows.map(ruleView), total_rows: total };
      },
      async find_runtime_compliance_rules({ account, query }) {
        const { rows, total } = await checks.findRules(account, query, query);
        return { items: rows.map(occurrenceView), total_rows: total };
      },
      async compare_runtime_compliance_checks({ account, params, query }) {
        const { before, after, files, differences } = await checks.compare(account, query.before, params.check_uuid);
        const counts: Record<string, number> = {};
        for (const { change } of differences) counts[change] = (counts[change] ?? 0) + 1;
        const items = differences
          .filter(({ change }) => change !== 'same')
          .map(({ id, ...rest }) => ({ rule: id, ...rest }));
        return { before: checkView(before, files), after: checkView(after, files), counts, items };
      },
      async get_runtime_compliance_hdf({ account, params, signal }) {
        const text = await checks.hdf(account, params.check_uuid, signal);
        return rawAnswer(text, { headers: untrusted(`${params.check_uuid}.hdf.json`) });
      },
      async get_runtime_compliance_file({ account, params }) {
        const { row, bytes } = await checks.file(account, params.file_id);
        const ending = row.media_type.startsWith('text/html') ? 'html' : 'xml';
        return rawAnswer(bytes, {
          contentType: row.media_type,
          headers: untrusted(`${row.name}-${row.uuid}.${ending}`),
        });
      },
    }),
    ...bindOperations(stigOperations, {
      async list_image_stig({ account, params }) {
        const rows = await stigs.list(account, params.image_digest.toLowerCase());
        return { items: rows.map(stigView) };
      },
      post_image_stig: async ({ account, actor, params, stream, signal }) =>
        stigView(
          await stigs.add({
            account,
            digest: params.image_digest.toLowerCase(),
            username: actor.username,
            stream,
            signal,
          }),
        ),
      async put_image_stig({ account, actor, params, stream, signal }) {
        const digest = params.image_digest.toLowerCase();
        const request = { account, digest, username: actor.username, stream, signal };
        return stigView(await stigs.replace(params.evaluation_uuid, request));
      },
      delete_image_stig: ({ account, params }) =>
        stigs.remove(account, params.image_digest.toLowerCase(), params.evaluation_uuid),
      async get_image_stig({ account, params }) {
        const bytes = await stigs.file(account, params.image_digest.toLowerCase(), params.evaluation_uuid);
        return rawAnswer(bytes, {
          contentType: 'application/json',
          headers: untrusted(`${params.evaluation_uuid}.hdf.json`),
        });
      },
      get_stig_entitlement: () => ({
        items: [
          { name: 'static_stig' as const, enabled: true },
          { name: 'runtime_stig' as const, enabled: true },
        ],
      }),
    }),
  ];
}

function stigView(row: StigRow) {
  return {
    evaluation_uuid: row.uuid,
    uploaded_at: row.uploaded_at.toISOString(),
    stig_profile: row.stig_profile,
    evaluation_format: 'hdfjson' as const,
  };
}
