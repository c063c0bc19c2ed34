import { z } from 'zod';
import { Source } from './applications-schemas.ts';
import { queryBoolean, timestamp } from './fields.ts';
import { PolicyEvaluationProblem, PolicyFindingAllowlistMatch } from './image-check.ts';
import { ContentCounts, PackageContent } from './image-content.ts';
import { PackageVulnerability } from './image-vulnerabilities.ts';
import { defineOperation } from './operation.ts';
import { Policy } from './policies.ts';
import { SourceManifest } from './source-imports.ts';

/** Answer of `list_sources`. */
export const SourcesList = z
  .object({
    items: z.array(Source).optional(),
  })
  .meta({ id: 'SourcesList' });
export type SourcesList = z.output<typeof SourcesList>;

/** Part of `SourcePolicyEvaluation`. */
export const SourcePolicyEvaluationFinding = z
  .object({
    trigger_id: z.string().optional(),
    gate: z.string().optional(),
    trigger: z.string().optional(),
    message: z.string().optional(),
    action: z.enum(['go', 'stop', 'warn']).optional(),
    policy_id: z.string().optional(),
    recommendation: z.string().optional(),
    rule_id: z.string().optional(),
    allowlisted: z.boolean().optional(),
    allowlist_match: PolicyFindingAllowlistMatch.nullish(),
  })
  .meta({ id: 'SourcePolicyEvaluationFinding' });
export type SourcePolicyEvaluationFinding = z.output<typeof SourcePolicyEvaluationFinding>;

/** Answer of `get_source_policy_check`. */
export const SourcePolicyEvaluation = z
  .object({
    account_name: z.string(),
    evaluation_id: z.string(),
    source_id: z.string(),
    host: z.string(),
    repository_name: z.string(),
    revision: z.string(),
    policy: Policy,
    source_mapped_to_rule: z.boolean(),
    matched_mapping_rule: z.record(z.string(), z.unknown()).optional(),
    findings: z.array(SourcePolicyEvaluationFinding),
    number_of_findings: z.int(),
    evaluation_time: timestamp,
    final_action: z.enum(['stop', 'go', 'warn']),
    final_action_reason: z.enum(['allowlisted', 'denylisted', 'policy_evaluation']),
    evaluation_problems: z.array(PolicyEvaluationProblem),
    status: z.enum(['pass', 'fail']),
  })
  .meta({ id: 'SourcePolicyEvaluation' });
export type SourcePolicyEvaluation = z.output<typeof SourcePolicyEvaluation>;

/** Answer of `get_source_content_summary`. */
export const SourceContentSummary = z
  .object({
    items: ContentCounts.optional(),
  })
  .meta({ id: 'SourceContentSummary' });
export type SourceContentSummary = z.output<typeof SourceContentSummary>;

/** Answer of `get_source_content_by_type`. */
export const SourceContentPackageResponse = z
  .object({
    source_id: z.string().optional(),
    content_type: z.string().optional(),
    content: z.array(PackageContent).optional(),
  })
  .meta({ id: 'SourceContentPackageResponse' });
export type SourceContentPackageResponse = z.output<typeof SourceContentPackageResponse>;

/** Answer of `get_source_vulnerabilities`. */
export const SourcePackageVulnerabilityResponse = z
  .object({
    source_id: z.string().optional(),
    vulnerability_type: z.string().optional(),
    vulnerabilities: z.array(PackageVulnerability).optional(),
  })
  .meta({ id: 'SourcePackageVulnerabilityResponse' });
export type SourcePackageVulnerabilityResponse = z.output<typeof SourcePackageVulnerabilityResponse>;

/** Operations of sources. */
export const sourcesOperations = {
  /** List sources. */
  list_sources: defineOperation({
    id: 'list_sources',
    method: 'GET',
    path: '/sources',
    tag: 'Sources',
    summary: 'List sources',
    permission: { action: 'listSources', domain: 'account' },
    success: { status: 200, schema: SourcesList },
    errors: [403, 500],
  }),
  /** Read source policy check. */
  get_source_policy_check: defineOperation({
    id: 'get_source_policy_check',
    method: 'GET',
    path: '/sources/{source_id}/check',
    tag: 'Sources',
    summary: 'Read source policy check',
    permission: { action: 'getSourceEvaluation', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    query: z.object({
      policy_id: z.string().optional(),
    }),
    success: { status: 200, schema: SourcePolicyEvaluation },
    errors: [403, 404, 500],
  }),
  /** Read source content types. */
  get_source_content_types: defineOperation({
    id: 'get_source_content_types',
    method: 'GET',
    path: '/sources/{source_id}/content',
    tag: 'Sources',
    summary: 'Read source content types',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, schema: z.array(z.string()) },
    errors: [403, 500],
  }),
  /** Read source content summary. */
  get_source_content_summary: defineOperation({
    id: 'get_source_content_summary',
    method: 'GET',
    path: '/sources/{source_id}/content-summary',
    tag: 'Sources',
    summary: 'Read source content summary',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, schema: SourceContentSummary },
    errors: [403, 404, 500],
  }),
  /** Read source content by type. */
  get_source_content_by_type: defineOperation({
    id: 'get_source_content_by_type',
    method: 'GET',
    path: '/sources/{source_id}/content/{content_type}',
    tag: 'Sources',
    summary: 'Read source content by type',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string(), content_type: z.string() }),
    success: { status: 200, schema: SourceContentPackageResponse },
    errors: [403, 404, 500],
  }),
  /** Read source SBOM CycloneDX JSON. */
  get_source_sbom_cyclonedx_json: defineOperation({
    id: 'get_source_sbom_cyclonedx_json',
    method: 'GET',
    path: '/sources/{source_id}/sbom/cyclonedx-json',
    tag: 'Sources',
    summary: 'Read source SBOM CycloneDX JSON',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [403, 500],
  }),
  /** Read source SBOM native JSON. */
  get_source_sbom_native_json: defineOperation({
    id: 'get_source_sbom_native_json',
    method: 'GET',
    path: '/sources/{source_id}/sbom/native-json',
    tag: 'Sources',
    summary: 'Read source SBOM native JSON',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [403, 500],
  }),
  /** Read source SBOM SPDX JSON. */
  get_source_sbom_spdx_json: defineOperation({
    id: 'get_source_sbom_spdx_json',
    method: 'GET',
    path: '/sources/{source_id}/sbom/spdx-json',
    tag: 'Sources',
    summary: 'Read source SBOM SPDX JSON',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, contentType: 'application/json', raw: true, schema: z.string() },
    errors: [403, 500],
  }),
  /** Read source vulnerability types. */
  get_source_vulnerability_types: defineOperation({
    id: 'get_source_vulnerability_types',
    method: 'GET',
    path: '/sources/{source_id}/vuln',
    tag: 'Sources',
    summary: 'Read source vulnerability types',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, schema: z.array(z.enum(['all', 'os', 'non-os'])) },
    errors: [403, 500],
  }),
  /** Read source vulnerabilities. */
  get_source_vulnerabilities: defineOperation({
    id: 'get_source_vulnerabilities',
    method: 'GET',
    path: '/sources/{source_id}/vuln/{vuln_type}',
    tag: 'Sources',
    summary: 'Read source vulnerabilities',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string(), vuln_type: z.enum(['os', 'non-os', 'all']) }),
    query: z.object({
      force_refresh: queryBoolean().optional(),
      include_vuln_description: queryBoolean().default(false),
      will_not_fix: queryBoolean().optional(),
    }),
    success: { status: 200, schema: SourcePackageVulnerabilityResponse },
    errors: [400, 403, 404, 500],
  }),
  /** Read source. */
  get_source: defineOperation({
    id: 'get_source',
    method: 'GET',
    path: '/sources/{source_id}',
    tag: 'Sources',
    summary: 'Read source',
    permission: { action: 'getSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    success: { status: 200, schema: SourceManifest },
    errors: [403, 404, 500],
  }),
  /** Delete source. */
  delete_source: defineOperation({
    id: 'delete_source',
    method: 'DELETE',
    path: '/sources/{source_id}',
    tag: 'Sources',
    summary: 'Delete source',
    permission: { action: 'deleteSource', domain: 'account' },
    params: z.object({ source_id: z.string() }),
    query: z.object({
      force: queryBoolean().optional(),
    }),
    success: { status: 204, schema: null },
    errors: [403, 404, 500],
  }),
};
