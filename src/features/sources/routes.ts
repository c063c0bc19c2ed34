import { sourceImportsOperations } from '#contract/source-imports.ts';
import { sourcesOperations } from '#contract/sources.ts';
import { cyclonedxSbom, spdxSbom } from '#engine/sbom/index.ts';
import { contentSummary, contentTypes, packageContent } from '#features/images/index.ts';
import { contentView, type ImportOperations } from '#features/imports/index.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { notFound } from '#shared/errors.ts';
import type { SourceImportService } from './import-service.ts';
import type { SourceService } from './service.ts';
import { sourceImportView, sourceManifest, sourceView } from './view.ts';

/** Content types of images that sources do not have. */
const NOT_OF_SOURCES = new Set(['files', 'licenses']);
const VULNERABILITY_TYPES = ['all', 'os', 'non-os'] as const;
const JSON_TYPE = { contentType: 'application/json' };

/** Handlers of the operations of source imports and sources. */
export function sourceRoutes(deps: {
  operations: ImportOperations;
  imports: SourceImportService;
  sources: SourceService;
}): BoundOperation[] {
  return [...importRoutes(deps.operations, deps.imports), ...readRoutes(deps.sources)];
}

function importRoutes(operations: ImportOperations, imports: SourceImportService): BoundOperation[] {
  return bindOperations(sourceImportsOperations, {
    list_sources_operations: async ({ account }) => (await operations.list(account)).map(sourceImportView),
    create_sources_operation: async ({ account }) => sourceImportView(await operations.create(account)),
    get_sources_operation: async ({ account, params }) =>
      sourceImportView(await operations.get(account, params.operation_id)),
    invalidate_sources_operation: async ({ account, params }) =>
      sourceImportView(await operations.cancel(account, params.operation_id)),
    get_import_sources_sbom: async ({ account, params }) =>
      contentView(await imports.sbom(account, params.operation_id)),
    upload_import_sources_sbom: async ({ account, params, bodyBytes }) =>
      contentView(await operations.add(account, params.operation_id, 'sbom', bodyBytes)),
    async finalize_operation({ account, params, body }) {
      const { source, metadata } = await imports.finalize(account, params.operation_id, body);
      return sourceManifest(source, metadata);
    },
  });
}

function readRoutes(sources: SourceService): BoundOperation[] {
  return bindOperations(sourcesOperations, {
    list_sources: async ({ account }) => ({ items: (await sources.list(account)).map(sourceView) }),
    async get_source({ account, params }) {
      const { source, metadata } = await sources.manifest(account, params.source_id);
      return sourceManifest(source, metadata);
    },
    delete_source: ({ account, params, query }) => sources.remove(account, params.source_id, query.force ?? false),
    get_source_content_types: async ({ account, params }) =>
      typesOf(Object.keys(await sources.packageCounts(account, params.source_id))),
    get_source_content_summary: async ({ account, params }) => ({
      items: contentSummary(await sources.packageCounts(account, params.source_id), undefined).filter(
        (row) => !NOT_OF_SOURCES.has(row.content_type),
      ),
    }),
    async get_source_content_by_type({ account, params }) {
      const { row, analysis } = await sources.analysis(account, params.source_id);
      const types = typesOf(analysis.packages.map((pkg) => pkg.type));
      const type = params.content_type;
      if (!types.includes(type))
        throw notFound(`unknown content type ${type.slice(0, 100)}: this source has ${types.join(', ')}`);
      return { source_id: row.uuid, content_type: type, content: packageContent(analysis, type) };
    },
    get_source_sbom_native_json: async ({ account, params }) =>
      rawAnswer((await sources.nativeSbom(account, params.source_id)).toString('utf8'), JSON_TYPE),
    get_source_sbom_spdx_json: async ({ account, params }) =>
      rawAnswer(JSON.stringify(spdxSbom((await sources.analysis(account, params.source_id)).analysis)), JSON_TYPE),
    get_source_sbom_cyclonedx_json: async ({ account, params }) =>
      rawAnswer(JSON.stringify(cyclonedxSbom((await sources.analysis(account, params.source_id)).analysis)), JSON_TYPE),
    async get_source_vulnerability_types({ account, params }) {
      await sources.get(account, params.source_id);
      return [...VULNERABILITY_TYPES];
    },
    async get_source_vulnerabilities({ account, params, query }) {
      const vulnerabilities = await sources.vulnerabilities(account, params.source_id, {
        type: params.vuln_type,
        willNotFix: query.will_not_fix,
        description: query.include_vuln_description,
        refresh: query.force_refresh ?? false,
      });
      return { source_id: params.source_id, vulnerability_type: params.vuln_type, vulnerabilities };
    },
    async get_source_policy_check({ account, params, query }) {
      const { source, verdict } = await sources.check(account, params.source_id, query.policy_id);
      const { matched_mapping_rule: mapping, ...rest } = verdict;
      return {
        ...rest,
        ...(mapping ? { matched_mapping_rule: { ...mapping } } : {}),
        account_name: account,
        source_id: source.uuid,
        host: source.host,
        repository_name: source.repository_name,
        revision: source.revision,
      };
    },
  });
}

function typesOf(packageTypes: Iterable<string>): string[] {
  return contentTypes(packageTypes).filter((type) => !NOT_OF_SOURCES.has(type));
}
