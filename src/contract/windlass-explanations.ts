import { z } from 'zod';
import { queryInteger, timestamp } from './fields.ts';
import { defineOperation } from './operation.ts';

/** What a question about a vulnerability came to, the most telling first. */
export const ExplanationVerdict = z
  .enum([
    'reported',
    'suppressed',
    'version-not-in-range',
    'marked-unaffected',
    'not-for-this-package',
    'other-target',
    'provider-excluded',
    'record-withdrawn',
    'package-type-excluded',
    'unknown-version',
    'no-data-for-distro',
    'no-data-for-ecosystem',
    'not-matched-yet',
    'names-other-packages',
    'package-not-found',
    'no-record',
    'nothing-reported',
    'no-data',
  ])
  .meta({ id: 'ExplanationVerdict' });
export type ExplanationVerdict = z.output<typeof ExplanationVerdict>;

/** Name and version, or CPE, that were looked for. */
export const SearchedBy = z
  .object({ name: z.string(), version: z.string(), cpe: z.string().optional(), distro: z.string().optional() })
  .meta({ id: 'SearchedBy' });
export type SearchedBy = z.output<typeof SearchedBy>;

/** One record that was held against a package, and what came of it. */
export const ExplanationStep = z
  .object({
    vulnerability: z.string(),
    namespace: z.string(),
    provider: z.string(),
    aliases: z.array(z.string()),
    /** Does the record say which versions are affected, or which are not? */
    says: z.enum(['affected', 'unaffected']),
    searched_by: SearchedBy,
    outcome: z.enum([
      'in-range',
      'not-in-range',
      'not-for-this-package',
      'withdrawn',
      'provider-excluded',
      'unaffected-here',
      'other-target',
    ]),
    /** Range or qualifier and how the package compares with it, as a sentence. */
    reason: z.string(),
    /** `scheme`: the order of versions that the range was read with. */
    ranges: z.array(
      z.object({ constraint: z.string(), scheme: z.string(), fix_state: z.string(), fix_version: z.string() }),
    ),
  })
  .meta({ id: 'ExplanationStep' });
export type ExplanationStep = z.output<typeof ExplanationStep>;

/** A finding, or one that a rule took away, with what it rests on. */
export const ExplainedFinding = z
  .object({
    vulnerability: z.string(),
    namespace: z.string(),
    provider: z.string(),
    /** `exact-direct`: by the package's own name; `exact-indirect`: by that of its source package; `cpe`: by a CPE name, a guess. */
    match_kind: z.enum(['exact-direct', 'exact-indirect', 'cpe']),
    searched_by: SearchedBy,
    constraint: z.string(),
    scheme: z.string(),
    aliases: z.array(z.string()),
    fix_state: z.string(),
    fix_versions: z.array(z.string()),
    /** Why the range could not be judged with certainty. */
    doubt: z.string().optional(),
    /** Rule that took it away, with its reason. */
    rule: z.string().optional(),
    reason: z.string().optional(),
    first_seen_at: timestamp.optional(),
    fix_observed_at: timestamp.optional(),
    /** Build of the vulnerability data that opened it as it stands now. */
    opened_at: timestamp.optional(),
    opened_by_build: z.string().optional(),
    build_built_at: timestamp.optional(),
  })
  .meta({ id: 'ExplainedFinding' });
export type ExplainedFinding = z.output<typeof ExplainedFinding>;

/** Something laid over the matches of an image: it hides, changes or comments a finding. */
export const ExplanationOverlay = z
  .object({
    /** `ownership`, `vendor_only`, `annotation`, `correction` … */
    overlay: z.string(),
    effect: z.enum(['suppressed', 'hidden', 'changed', 'noted']),
    text: z.string(),
  })
  .meta({ id: 'ExplanationOverlay' });
export type ExplanationOverlay = z.output<typeof ExplanationOverlay>;

/** A package that was considered. */
export const ExplainedPackage = z
  .object({
    name: z.string(),
    version: z.string(),
    type: z.string(),
    purl: z.string().optional(),
    cpes: z.array(z.string()),
    /** Where it lies, and the layer that shows it there. */
    path: z.string(),
    layer: z.string().optional(),
    layer_index: z.int().optional(),
    /** Step of the build that made the layer. */
    layer_created_by: z.string().optional(),
    /** The OS package that owns its files. */
    owner: z.object({ name: z.string(), version: z.string(), type: z.string() }).optional(),
    coverage: z.string(),
    verdict: ExplanationVerdict,
    summary: z.string(),
    /** Names that were looked for in the data. */
    searches: z.array(z.string()),
    findings: z.array(ExplainedFinding),
    suppressed: z.array(ExplainedFinding),
    overlays: z.array(ExplanationOverlay),
    steps: z.array(ExplanationStep),
  })
  .meta({ id: 'ExplainedPackage' });
export type ExplainedPackage = z.output<typeof ExplainedPackage>;

/** A record of the vulnerability asked for. */
export const ExplainedRecord = z
  .object({
    id: z.string(),
    namespace: z.string(),
    provider: z.string(),
    severity: z.string(),
    status: z.string().optional(),
    aliases: z.array(z.string()),
    published_at: z.string().optional(),
    modified_at: z.string().optional(),
    is_kev: z.boolean(),
    url: z.string(),
    /** Packages that it names; none for records found by CPE. */
    packages: z.array(z.string()),
  })
  .meta({ id: 'ExplainedRecord' });
export type ExplainedRecord = z.output<typeof ExplainedRecord>;

/** Why an image has, or has not, a vulnerability. */
export const ImageExplanation = z
  .object({
    image_digest: z.string(),
    vulnerability: z.string().optional(),
    package: z.string().optional(),
    verdict: ExplanationVerdict,
    summary: z.string(),
    data_built_at: timestamp.optional(),
    data_checksum: z.string().optional(),
    records: z.array(ExplainedRecord),
    packages: z.array(ExplainedPackage),
    /** Packages that were held against the records, shown or not. */
    considered: z.int(),
    /** More exists than is shown. */
    truncated: z.boolean(),
  })
  .meta({ id: 'ImageExplanation' });
export type ImageExplanation = z.output<typeof ImageExplanation>;

/** A build of the vulnerability data, and when it was in use. */
export const UsedBuild = z
  .object({
    checksum: z.string(),
    built_at: timestamp,
    switched_at: timestamp,
    /** Absent while it is in use. */
    replaced_at: timestamp.optional(),
  })
  .meta({ id: 'UsedBuild' });
export type UsedBuild = z.output<typeof UsedBuild>;

/** A finding as it was at a time. */
export const PastFinding = z
  .object({
    vulnerability: z.string(),
    namespace: z.string(),
    severity: z.string(),
    package_name: z.string(),
    package_version: z.string(),
    package_type: z.string(),
    package_path: z.string(),
    fix_state: z.string(),
    fix_versions: z.array(z.string()),
    constraint: z.string(),
    first_seen_at: timestamp,
    opened_at: timestamp,
    opened_by_build: z.string(),
    closed_at: timestamp.optional(),
    closed_by_build: z.string().optional(),
  })
  .meta({ id: 'PastFinding' });
export type PastFinding = z.output<typeof PastFinding>;

/** What was known of an image at a time. */
export const ImageVulnerabilityHistory = z
  .object({
    image_digest: z.string(),
    at: timestamp,
    /** The data in use then; absent when there was none. */
    build: UsedBuild.optional(),
    /** What limits the answer, as sentences: no data then, packages that were not known yet … */
    notes: z.array(z.string()),
    total_rows: z.int(),
    vulnerabilities: z.array(PastFinding),
  })
  .meta({ id: 'ImageVulnerabilityHistory' });
export type ImageVulnerabilityHistory = z.output<typeof ImageVulnerabilityHistory>;

/** Range and fix of a match. */
export const MatchState = z
  .object({
    constraint: z.string(),
    fix_state: z.string(),
    fix_versions: z.array(z.string()),
    match_kind: z.string(),
  })
  .meta({ id: 'MatchState' });
export type MatchState = z.output<typeof MatchState>;

/** A finding that came, went or changed. */
export const VulnerabilityChange = z
  .object({
    change: z.enum(['added', 'removed', 'changed']),
    vulnerability: z.string(),
    namespace: z.string(),
    provider: z.string(),
    severity: z.string(),
    package_name: z.string(),
    package_version: z.string(),
    package_type: z.string(),
    package_path: z.string(),
    changed_at: timestamp,
    /** Build of the vulnerability data that did it. */
    build: z.string(),
    build_built_at: timestamp.optional(),
    before: MatchState.optional(),
    after: MatchState.optional(),
    /** What happened, as a sentence. */
    reason: z.string(),
  })
  .meta({ id: 'VulnerabilityChange' });
export type VulnerabilityChange = z.output<typeof VulnerabilityChange>;

/** What changed for an image between two moments. */
export const ImageVulnerabilityChanges = z
  .object({
    image_digest: z.string(),
    from: timestamp,
    to: timestamp,
    from_build: UsedBuild.optional(),
    to_build: UsedBuild.optional(),
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    notes: z.array(z.string()),
    /** At most `limit` of them. */
    changes: z.array(VulnerabilityChange),
  })
  .meta({ id: 'ImageVulnerabilityChanges' });
export type ImageVulnerabilityChanges = z.output<typeof ImageVulnerabilityChanges>;

/** How many things of the account a change between two builds touches. */
export const ChangeCounts = z
  .object({ findings: z.int(), vulnerabilities: z.int(), packages: z.int(), images: z.int(), tags: z.int() })
  .meta({ id: 'ChangeCounts' });
export type ChangeCounts = z.output<typeof ChangeCounts>;

/** One vulnerability that changed between two builds, and how much of the account it touches. */
export const FeedChange = z
  .object({
    change: z.enum(['added', 'removed', 'changed']),
    vulnerability: z.string(),
    namespace: z.string(),
    severity: z.string(),
    packages: z.array(z.string()),
    images: z.int(),
  })
  .meta({ id: 'FeedChange' });
export type FeedChange = z.output<typeof FeedChange>;

/** What changed for all images of an account between two builds of the vulnerability data. */
export const FeedChanges = z
  .object({
    from: UsedBuild,
    to: UsedBuild,
    added: ChangeCounts,
    removed: ChangeCounts,
    changed: ChangeCounts,
    total_rows: z.int(),
    /** Most images first; a page of them. */
    items: z.array(FeedChange),
  })
  .meta({ id: 'FeedChanges' });
export type FeedChanges = z.output<typeof FeedChanges>;

const params = z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) });
const permission = { action: 'getImage', domain: 'account' } as const;
const name = z.string().min(1).max(512);
/** RFC 3339 time, `YYYY-MM-DD` (its end), or the checksum of a build (its end of use). */
const moment = z.string().min(1).max(128);

/** Explanations and the history of findings. */
export const windlassExplanationsOperations = {
  /** Tell why an image has, or has not, a vulnerability. */
  explain_image_vulnerability: defineOperation({
    id: 'explain_image_vulnerability',
    method: 'GET',
    path: '/windlass/images/{image_digest}/explain',
    tag: 'Windlass',
    summary: 'Tell why an image has, or has not, a vulnerability',
    permission,
    params,
    query: z.object({
      /** Id or alias. At least one of both is needed. */
      vulnerability: name.optional(),
      /** Name of a package, or of its source. */
      package: name.optional(),
    }),
    success: { status: 200, schema: ImageExplanation },
    errors: [400, 403, 404, 500],
  }),
  /** List what was known of an image at a time. */
  get_image_vulnerability_history: defineOperation({
    id: 'get_image_vulnerability_history',
    method: 'GET',
    path: '/windlass/images/{image_digest}/vulnerabilities/history',
    tag: 'Windlass',
    summary: 'List what was known of an image at a time',
    permission,
    params,
    query: z.object({
      at: moment,
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 10_000 }).default(1000),
    }),
    success: { status: 200, schema: ImageVulnerabilityHistory },
    errors: [400, 403, 404, 500],
  }),
  /** List what changed for an image between two times or builds. */
  list_image_vulnerability_changes: defineOperation({
    id: 'list_image_vulnerability_changes',
    method: 'GET',
    path: '/windlass/images/{image_digest}/vulnerabilities/changes',
    tag: 'Windlass',
    summary: 'List what changed for an image between two times or builds',
    permission,
    params,
    query: z.object({
      from: moment,
      /** Default: now. */
      to: moment.optional(),
      limit: queryInteger({ min: 1, max: 10_000 }).default(1000),
    }),
    success: { status: 200, schema: ImageVulnerabilityChanges },
    errors: [400, 403, 404, 500],
  }),
  /** Sum up what changed for all images between two builds of the vulnerability data. */
  list_feed_changes: defineOperation({
    id: 'list_feed_changes',
    method: 'GET',
    path: '/windlass/feeds/changes',
    tag: 'Windlass',
    summary: 'Sum up what changed for all images between two builds',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      /** Checksum of a build. Default: the one before `to`. */
      from: moment.optional(),
      /** Checksum of a build. Default: the current one. */
      to: moment.optional(),
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 1000 }).default(100),
    }),
    success: { status: 200, schema: FeedChanges },
    errors: [400, 403, 404, 500],
  }),
};
