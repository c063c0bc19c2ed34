import { z } from 'zod';
import { queryInteger, queryList, queryTime, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

const uuid = z.uuid();

/** Outcome of one rule, in the words of XCCDF. */
export const ComplianceOutcome = z
  .enum(['pass', 'fail', 'error', 'unknown', 'notapplicable', 'notchecked', 'notselected', 'informational', 'fixed'])
  .meta({ id: 'ComplianceOutcome' });
export type ComplianceOutcome = z.output<typeof ComplianceOutcome>;

/** What a run as a whole says: `inconclusive` when no rule passed or failed. */
export const ComplianceVerdict = z.enum(['pass', 'fail', 'inconclusive']).meta({ id: 'ComplianceVerdict' });
export type ComplianceVerdict = z.output<typeof ComplianceVerdict>;

/** `no-results`: no result file came; `pending`: it waits to be read; `failed`: it cannot be read, see `error`. */
export const ComplianceState = z.enum(['no-results', 'pending', 'parsed', 'failed']).meta({ id: 'ComplianceState' });
export type ComplianceState = z.output<typeof ComplianceState>;

/** What the result file says. */
export const ComplianceSummary = z
  .object({
    format: z.enum(['xccdf-1.1', 'xccdf-1.2', 'arf']),
    /** Derived from the rules, whatever the uploader says. */
    verdict: ComplianceVerdict,
    /** The uploader's `result` contradicts the verdict; absent when it is in words that are not known. */
    mismatch: z.boolean().optional(),
    /** The default score, or the only one. */
    score: z.number().optional(),
    score_maximum: z.number().optional(),
    scores: z.array(z.object({ system: z.string(), value: z.number(), maximum: z.number().optional() })),
    /** Rules by outcome. */
    counts: z.record(z.string(), z.int()),
    benchmark: z.object({ id: z.string().optional(), title: z.string().optional(), version: z.string().optional() }),
    profile: z.object({ id: z.string().optional(), title: z.string().optional() }),
    target: z.string().optional(),
    test_system: z.string().optional(),
    evaluated_at: timestamp.optional(),
    problems: z.array(z.object({ code: z.string(), message: z.string() })),
  })
  .meta({ id: 'ComplianceSummary' });
export type ComplianceSummary = z.output<typeof ComplianceSummary>;

/** A file of a check as it is stored. */
export const ComplianceFile = z
  .object({
    id: uuid,
    name: z.string(),
    media_type: z.string(),
    size: z.int(),
    sha256: z.string(),
  })
  .meta({ id: 'ComplianceFile' });
export type ComplianceFile = z.output<typeof ComplianceFile>;

/** A run of a checking program on a container or image. */
export const RuntimeComplianceCheck = z
  .object({
    uuid,
    check_type: z.enum(['oscap']),
    image_digest: z.string(),
    image_tag: z.string().optional(),
    namespace: z.string().optional(),
    pod: z.string().optional(),
    /** What the uploader says of the run. */
    result: z.string().optional(),
    start_time: timestamp.optional(),
    end_time: timestamp.optional(),
    created_at: timestamp,
    /** Whether the account has an image of this digest. */
    image_known: z.boolean(),
    state: ComplianceState,
    error: z.string().optional(),
    /** Ids of the files by name: `result_file`, `report_file`. */
    compliance_file_ids: z.record(z.string(), z.string()),
    files: z.array(ComplianceFile),
    /** Absent until the result file has been read. */
    summary: ComplianceSummary.optional(),
  })
  .meta({ id: 'RuntimeComplianceCheck' });
export type RuntimeComplianceCheck = z.output<typeof RuntimeComplianceCheck>;

/** A page of checks, newest first. */
export const RuntimeComplianceCheckList = z
  .object({ items: z.array(RuntimeComplianceCheck), total_rows: z.int() })
  .meta({ id: 'RuntimeComplianceCheckList' });
export type RuntimeComplianceCheckList = z.output<typeof RuntimeComplianceCheckList>;

/** One rule in one run. */
export const ComplianceRuleResult = z
  .object({
    check_uuid: uuid,
    rule: z.string(),
    title: z.string(),
    severity: z.enum(['unknown', 'info', 'low', 'medium', 'high']),
    result: ComplianceOutcome,
    /** Short name in the catalogue, e.g. a STIG id. */
    version: z.string().optional(),
    group: z.string().optional(),
    description: z.string().optional(),
    rationale: z.string().optional(),
    fix: z.string().optional(),
    check: z.string().optional(),
    idents: z.array(z.object({ system: z.string(), value: z.string() })),
    references: z.array(z.object({ href: z.string(), text: z.string() })),
    messages: z.array(z.string()),
    instance: z.string().optional(),
    weight: z.number().optional(),
    tested_at: timestamp.optional(),
  })
  .meta({ id: 'ComplianceRuleResult' });
export type ComplianceRuleResult = z.output<typeof ComplianceRuleResult>;

/** A rule in one run, with where it ran. */
export const ComplianceRuleOccurrence = z
  .object({
    check_uuid: uuid,
    image_digest: z.string(),
    image_tag: z.string().optional(),
    namespace: z.string().optional(),
    pod: z.string().optional(),
    created_at: timestamp,
    rule: z.string(),
    title: z.string(),
    severity: z.string(),
    result: ComplianceOutcome,
  })
  .meta({ id: 'ComplianceRuleOccurrence' });
export type ComplianceRuleOccurrence = z.output<typeof ComplianceRuleOccurrence>;

/** A rule in two runs. */
export const ComplianceRuleDifference = z
  .object({
    rule: z.string(),
    title: z.string(),
    severity: z.string(),
    before: ComplianceOutcome.optional(),
    after: ComplianceOutcome.optional(),
    change: z.enum(['regressed', 'improved', 'changed', 'added', 'removed', 'same']),
  })
  .meta({ id: 'ComplianceRuleDifference' });
export type ComplianceRuleDifference = z.output<typeof ComplianceRuleDifference>;

/** What is different between two runs. */
export const ComplianceComparison = z
  .object({
    before: RuntimeComplianceCheck,
    after: RuntimeComplianceCheck,
    /** Rules by change, `same` included. */
    counts: z.record(z.string(), z.int()),
    /** Rules that are not the same, what regressed first. */
    items: z.array(ComplianceRuleDifference),
  })
  .meta({ id: 'ComplianceComparison' });
export type ComplianceComparison = z.output<typeof ComplianceComparison>;

const place = {
  image_digest: z.string().optional(),
  image_tag: z.string().optional(),
  namespace: z.string().optional(),
  pod: z.string().optional(),
};
const page = {
  page: queryInteger({ min: 1 }).default(1),
  limit: queryInteger({ min: 1, max: 1000 }).default(100),
};
const read = { action: 'getRuntimeComplianceCheck', domain: 'account' } as const;

/** Operations of runtime compliance: result files of checking programs, and what they say. */
export const windlassComplianceOperations = {
  /** Upload the result of a run. The files are read in the background. */
  add_runtime_compliance_check: defineOperation({
    id: 'add_runtime_compliance_check',
    method: 'POST',
    path: '/windlass/runtime-compliance',
    tag: 'Compliance',
    summary: 'Upload the result of a compliance check',
    permission: { action: 'createRuntimeComplianceCheck', domain: 'account' },
    raw: {
      contentTypes: ['multipart/form-data'],
      multipart: true,
      fields: ['check_type', 'image_digest', 'image_tag', 'namespace', 'pod', 'result', 'start_time', 'end_time'],
      files: ['result_file', 'report_file'],
    },
    maxBodyBytes: 4 * 1024 ** 3,
    success: { status: 201, schema: RuntimeComplianceCheck },
    errors: [400, 403, 415, 500],
  }),
  /** List checks, newest first. */
  list_runtime_compliance_checks: defineOperation({
    id: 'list_runtime_compliance_checks',
    method: 'GET',
    path: '/windlass/runtime-compliance',
    tag: 'Compliance',
    summary: 'List compliance checks',
    permission: read,
    query: z.object({
      ...place,
      profile: z.string().optional(),
      state: queryList(ComplianceState).optional(),
      verdict: queryList(ComplianceVerdict).optional(),
      created_after: queryTime().optional(),
      created_before: queryTime().optional(),
      ...page,
    }),
    success: { status: 200, schema: RuntimeComplianceCheckList },
    errors: [400, 403, 500],
  }),
  /** Read a check. */
  get_runtime_compliance_check: defineOperation({
    id: 'get_runtime_compliance_check',
    method: 'GET',
    path: '/windlass/runtime-compliance/{check_uuid}',
    tag: 'Compliance',
    summary: 'Read a compliance check',
    permission: read,
    params: z.object({ check_uuid: uuid }),
    success: { status: 200, schema: RuntimeComplianceCheck },
    errors: [400, 403, 404, 500],
  }),
  /** Delete a check with its files. */
  delete_runtime_compliance_check: defineOperation({
    id: 'delete_runtime_compliance_check',
    method: 'DELETE',
    path: '/windlass/runtime-compliance/{check_uuid}',
    tag: 'Compliance',
    summary: 'Delete a compliance check',
    permission: { action: 'deleteRuntimeComplianceCheck', domain: 'account' },
    params: z.object({ check_uuid: uuid }),
    success: { status: 204, schema: null },
    errors: [400, 403, 404, 500],
  }),
  /** List the rules of a check in the order of the file. */
  list_runtime_compliance_rules: defineOperation({
    id: 'list_runtime_compliance_rules',
    method: 'GET',
    path: '/windlass/runtime-compliance/{check_uuid}/rules',
    tag: 'Compliance',
    summary: 'List the rules of a compliance check',
    permission: read,
    params: z.object({ check_uuid: uuid }),
    query: z.object({
      result: queryList(ComplianceOutcome).optional(),
      severity: queryList(ComplianceRuleResult.shape.severity).optional(),
      /** Part of the id or title of a rule, or of an ident. */
      search: z.string().optional(),
      page: page.page,
      limit: queryInteger({ min: 1, max: 20_000 }).default(20_000),
    }),
    success: {
      status: 200,
      schema: z.object({ items: z.array(ComplianceRuleResult), total_rows: z.int() }),
    },
    errors: [400, 403, 404, 500],
  }),
  /** Tell where a rule was tested and how it came out, newest first. */
  find_runtime_compliance_rules: defineOperation({
    id: 'find_runtime_compliance_rules',
    method: 'GET',
    path: '/windlass/runtime-compliance-rules',
    tag: 'Compliance',
    summary: 'Find rules across compliance checks',
    permission: read,
    query: z.object({
      /** Id of a rule. */
      rule: z.string().optional(),
      result: queryList(ComplianceOutcome).optional(),
      severity: queryList(ComplianceRuleResult.shape.severity).optional(),
      ...place,
      ...page,
    }),
    success: {
      status: 200,
      schema: z.object({ items: z.array(ComplianceRuleOccurrence), total_rows: z.int() }),
    },
    errors: [400, 403, 500],
  }),
  /** Compare a check with an earlier one. */
  compare_runtime_compliance_checks: defineOperation({
    id: 'compare_runtime_compliance_checks',
    method: 'GET',
    path: '/windlass/runtime-compliance/{check_uuid}/comparison',
    tag: 'Compliance',
    summary: 'Compare a compliance check with an earlier one',
    permission: read,
    params: z.object({ check_uuid: uuid }),
    query: z.object({ before: uuid }),
    success: { status: 200, schema: ComplianceComparison },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Download the results of a check as HDF. */
  get_runtime_compliance_hdf: defineOperation({
    id: 'get_runtime_compliance_hdf',
    method: 'GET',
    path: '/windlass/runtime-compliance/{check_uuid}/hdf',
    tag: 'Compliance',
    summary: 'Download a compliance check as HDF',
    permission: read,
    params: z.object({ check_uuid: uuid }),
    success: { status: 200, contentType: 'application/json', raw: true },
    errors: [400, 403, 404, 409, 500],
  }),
  /** Download a file as it was uploaded. */
  get_runtime_compliance_file: defineOperation({
    id: 'get_runtime_compliance_file',
    method: 'GET',
    path: '/windlass/runtime-compliance-files/{file_id}',
    tag: 'Compliance',
    summary: 'Download a file of a compliance check',
    permission: read,
    params: z.object({ file_id: z.string() }),
    success: { status: 200, contentType: 'application/octet-stream', raw: true },
    errors: [403, 404, 500],
  }),
};
