import { z } from 'zod';

/** Limits of one policy document. Larger documents are refused with a clear message. */
export const POLICY_LIMITS = {
  /** Bytes of the document as JSON. */
  documentBytes: 5 * 1024 * 1024,
  rules: 10_000,
  allowlistItems: 50_000,
  /** Mappings, source mappings and image list entries together. */
  selectors: 10_000,
  /** Problems listed in one validation result. */
  reportedProblems: 1_000,
} as const;

/** Values of `version` that name a form this engine reads: `2` is written, the others were seen in documents. */
export const POLICY_VERSIONS: readonly string[] = ['2', '2_0', '2.0', '1_0', '1.0', '1'];

const imageRef = z.strictObject({ type: z.enum(['tag', 'digest', 'id']), value: z.string() });

const policyRule = z.strictObject({
  id: z.string(),
  gate: z.string(),
  trigger: z.string(),
  action: z.enum(['GO', 'WARN', 'STOP']),
  description: z.string().optional(),
  params: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  recommendation: z.string().optional(),
});

const ruleSet = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  version: z.string(),
  artifact_type: z.enum(['image', 'source']).optional(),
  rules: z.array(policyRule),
});

const allowlistItem = z.strictObject({
  id: z.string(),
  gate: z.string(),
  trigger_id: z.string(),
  expires_on: z.string().nullable().optional(),
  description: z.string().optional(),
});

const allowlist = z.strictObject({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string().optional(),
  items: z.array(allowlistItem),
});

const mappingRule = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  registry: z.string(),
  repository: z.string(),
  image: imageRef,
  rule_set_ids: z.array(z.string()),
  allowlist_ids: z.array(z.string()),
});

const sourceMappingRule = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  host: z.string(),
  repository: z.string(),
  rule_set_ids: z.array(z.string()),
  allowlist_ids: z.array(z.string()),
});

const imageSelectionRule = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  registry: z.string(),
  repository: z.string(),
  image: imageRef,
});

/** A policy document in the V2 wire form. Unknown keys are errors. */
export const policyDocument = z.strictObject({
  id: z.string(),
  name: z.string().min(1),
  description: z.string().optional(),
  version: z.string(),
  rule_sets: z.array(ruleSet),
  allowlists: z.array(allowlist).optional(),
  mappings: z.array(mappingRule),
  source_mappings: z.array(sourceMappingRule).optional(),
  allowlisted_images: z.array(imageSelectionRule).optional(),
  denylisted_images: z.array(imageSelectionRule).optional(),
  /** Informational; never read. */
  last_updated: z.number().optional(),
});

export type PolicyDocument = z.infer<typeof policyDocument>;
export type RuleSet = z.infer<typeof ruleSet>;
export type PolicyRule = z.infer<typeof policyRule>;
export type Allowlist = z.infer<typeof allowlist>;
export type AllowlistItem = z.infer<typeof allowlistItem>;
export type MappingRule = z.infer<typeof mappingRule>;
export type SourceMappingRule = z.infer<typeof sourceMappingRule>;
export type ImageSelectionRule = z.infer<typeof imageSelectionRule>;
export type ImageRef = z.infer<typeof imageRef>;
