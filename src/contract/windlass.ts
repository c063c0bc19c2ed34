import { z } from 'zod';
import { queryBoolean, queryInteger, queryList, timestamp } from './fields.ts';
import { AnchoreImage } from './images-schemas.ts';
import { defineOperation } from './operation.ts';
import { FeedBuild } from './windlass-feeds.ts';

/** Background work as people see it. `progress` depends on the kind; image analyses report {@link AnalysisProgress}. */
export const Job = z
  .object({
    id: z.string(),
    kind: z.string(),
    /** What the job works on, e.g. an image digest; at most one open job per kind and key. */
    key: z.string().optional(),
    state: z.enum(['queued', 'active', 'retry', 'completed', 'failed', 'cancelled']),
    attempt: z.int(),
    progress: z.record(z.string(), z.unknown()).optional(),
    error: z.string().optional(),
    created_at: timestamp,
    started_at: timestamp.optional(),
    completed_at: timestamp.optional(),
  })
  .meta({ id: 'Job' });
export type Job = z.output<typeof Job>;

/** A page of jobs, newest first. */
export const JobList = z.object({ items: z.array(Job) }).meta({ id: 'JobList' });
export type JobList = z.output<typeof JobList>;

/** How far the analysis of an image is. Counts are bytes and layers of the image, not of the work left. */
export const AnalysisProgress = z
  .object({
    image_digest: z.string(),
    /** What happens now. */
    phase: z.enum(['waiting', 'fetching', 'analyzing', 'matching', 'evaluating', 'done', 'failed']),
    layers_total: z.int().optional(),
    layers_done: z.int().optional(),
    bytes_total: z.int().optional(),
    bytes_done: z.int().optional(),
    packages: z.int().optional(),
    started_at: timestamp.optional(),
    updated_at: timestamp.optional(),
    error: z.string().optional(),
    job_id: z.string().optional(),
  })
  .meta({ id: 'AnalysisProgress' });
export type AnalysisProgress = z.output<typeof AnalysisProgress>;

/** Open vulnerabilities of an image by severity. */
export const SeverityCounts = z
  .object({
    critical: z.int(),
    high: z.int(),
    medium: z.int(),
    low: z.int(),
    negligible: z.int(),
    unknown: z.int(),
    /** Those of any severity that a fix exists for. */
    fixable: z.int(),
    /** Those known to be exploited. */
    known_exploited: z.int(),
  })
  .meta({ id: 'SeverityCounts' });
export type SeverityCounts = z.output<typeof SeverityCounts>;

/** One row of the image overview: what people look for first. */
export const ImageOverview = z
  .object({
    image_digest: z.string(),
    parent_digest: z.string().optional(),
    image_id: z.string().optional(),
    full_tags: z.array(z.string()),
    analysis_status: z.enum(['not_analyzed', 'analyzing', 'analyzed', 'analysis_failed']),
    image_status: z.enum(['active', 'inactive', 'disabled', 'deleting']),
    created_at: timestamp,
    analyzed_at: timestamp.optional(),
    distro: z.string().optional(),
    distro_version: z.string().optional(),
    arch: z.string().optional(),
    image_size: z.int().optional(),
    packages: z.int().optional(),
    /** Verdict of the active policy; absent before the first evaluation. */
    verdict: z.enum(['pass', 'fail']).optional(),
    final_action: z.enum(['go', 'warn', 'stop']).optional(),
    evaluated_at: timestamp.optional(),
    vulnerabilities: SeverityCounts.optional(),
    /** Why the counts may be incomplete, e.g. an end-of-life distribution. Empty means complete. */
    problems: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
    progress: AnalysisProgress.optional(),
  })
  .meta({ id: 'ImageOverview' });
export type ImageOverview = z.output<typeof ImageOverview>;

/** A page of the image overview. */
export const ImageOverviewList = z
  .object({ items: z.array(ImageOverview), total_rows: z.int() })
  .meta({ id: 'ImageOverviewList' });
export type ImageOverviewList = z.output<typeof ImageOverviewList>;

/** Packages that nothing can be said of. */
export const UnjudgedPackages = z
  .object({
    count: z.int(),
    packages: z.array(z.object({ type: z.string(), name: z.string(), version: z.string() })),
  })
  .meta({ id: 'UnjudgedPackages' });
export type UnjudgedPackages = z.output<typeof UnjudgedPackages>;

/** How far the vulnerability data speaks of the packages of an image. */
export const ImageCoverage = z
  .object({
    image_digest: z.string(),
    /** `none`: no vulnerability data is loaded at all. */
    state: z.enum(['complete', 'partial', 'none']),
    data_built_at: timestamp.optional(),
    packages: z.int(),
    /** Packages by state of their data. */
    states: z.record(z.string(), z.int()),
    /** The distribution, and how long it is supported; null when none was found. */
    distro: z
      .object({
        id: z.string(),
        version: z.string().optional(),
        name: z.string(),
        state: z.enum(['covered', 'end-of-life', 'no-data', 'not-matched', 'no-packages']),
        end_of_life: z.string().optional(),
        ends_in_days: z.int().optional(),
        message: z.string(),
      })
      .nullish(),
    /** By type of package. */
    ecosystems: z.array(z.object({ type: z.string(), packages: z.int(), covered: z.int() })).optional(),
    /** Packages whose version is unknown, and packages of kinds or releases without data: the first ones by name. */
    unknown_versions: UnjudgedPackages.optional(),
    unmatched: UnjudgedPackages.optional(),
    /** One sentence for each kind of gap. */
    gaps: z.array(z.string()),
    /** What the analysis could not read. */
    problems: z.array(
      z.object({ code: z.string(), message: z.string(), severity: z.string(), path: z.string().optional() }),
    ),
  })
  .meta({ id: 'ImageCoverage' });
export type ImageCoverage = z.output<typeof ImageCoverage>;

/** A match that a rule took away. */
export const SuppressedFinding = z
  .object({
    vulnerability: z.string(),
    namespace: z.string(),
    package_name: z.string(),
    package_version: z.string(),
    package_type: z.string(),
    package_path: z.string(),
    rule: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'SuppressedFinding' });
export type SuppressedFinding = z.output<typeof SuppressedFinding>;

const imageParams = z.object({ image_digest: z.string().regex(/^sha256:[a-fA-F0-9]{64}$/) });

/** Operations beyond the compatible API: what the web UI and the CLI need. */
export const windlassOperations = {
  /** List background jobs, newest first. */
  list_jobs: defineOperation({
    id: 'list_jobs',
    method: 'GET',
    path: '/windlass/jobs',
    tag: 'Windlass',
    summary: 'List background jobs, newest first',
    permission: 'admin',
    query: z.object({
      kind: z.string().optional(),
      key: z.string().optional(),
      state: queryList(Job.shape.state).optional(),
      limit: queryInteger({ min: 1, max: 1000 }).default(100),
    }),
    success: { status: 200, schema: JobList },
    errors: [400, 403, 500],
  }),
  /** Read a background job with its progress. */
  get_job: defineOperation({
    id: 'get_job',
    method: 'GET',
    path: '/windlass/jobs/{job_id}',
    tag: 'Windlass',
    summary: 'Read a background job with its progress',
    permission: 'admin',
    params: z.object({ job_id: z.string() }),
    success: { status: 200, schema: Job },
    errors: [403, 404, 500],
  }),
  /** Cancel a background job; one that has ended stays as it is. */
  cancel_job: defineOperation({
    id: 'cancel_job',
    method: 'DELETE',
    path: '/windlass/jobs/{job_id}',
    tag: 'Windlass',
    summary: 'Cancel a background job',
    permission: 'admin',
    params: z.object({ job_id: z.string() }),
    success: { status: 200, schema: Job },
    errors: [403, 404, 409, 500],
  }),
  /** Upload an image archive (`docker save` or OCI layout, optionally compressed) and analyse its images. */
  upload_image_archive: defineOperation({
    id: 'upload_image_archive',
    method: 'POST',
    path: '/windlass/image-archives',
    tag: 'Windlass',
    summary: 'Upload an image archive and analyse it',
    permission: { action: 'createImage', domain: 'account' },
    query: z.object({
      /** Tags for the image; default: those of the archive. Needed when the archive names none. */
      tag: queryList(z.string(), { repeated: true }).optional(),
      force: queryBoolean().optional(),
    }),
    raw: { contentTypes: ['application/octet-stream', 'application/x-tar', 'application/gzip', 'application/zstd'] },
    maxBodyBytes: 64 * 1024 ** 3,
    success: { status: 200, schema: z.object({ items: z.array(AnchoreImage) }) },
    errors: [400, 403, 415, 500],
  }),
  /** Report how far the analysis of an image is. */
  get_image_progress: defineOperation({
    id: 'get_image_progress',
    method: 'GET',
    path: '/windlass/images/{image_digest}/progress',
    tag: 'Windlass',
    summary: 'Report how far the analysis of an image is',
    permission: { action: 'getImage', domain: 'account' },
    params: z.object({ image_digest: z.string() }),
    success: { status: 200, schema: AnalysisProgress },
    errors: [403, 404, 500],
  }),
  /** List builds of the vulnerability database, newest first. */
  list_feed_builds: defineOperation({
    id: 'list_feed_builds',
    method: 'GET',
    path: '/windlass/feeds/builds',
    tag: 'Windlass',
    summary: 'List builds of the vulnerability database',
    permission: 'authenticated',
    success: { status: 200, schema: z.object({ items: z.array(FeedBuild) }) },
    errors: [500],
  }),
  /** Tell which packages of an image had vulnerability data, and what could not be read. */
  get_image_coverage: defineOperation({
    id: 'get_image_coverage',
    method: 'GET',
    path: '/windlass/images/{image_digest}/coverage',
    tag: 'Windlass',
    summary: 'Tell what the findings of an image cover',
    permission: { action: 'getImage', domain: 'account' },
    params: imageParams,
    success: { status: 200, schema: ImageCoverage },
    errors: [403, 404, 500],
  }),
  /** List matches that a rule took away, with the rule. */
  list_suppressed_findings: defineOperation({
    id: 'list_suppressed_findings',
    method: 'GET',
    path: '/windlass/images/{image_digest}/suppressed',
    tag: 'Windlass',
    summary: 'List suppressed matches of an image',
    permission: { action: 'getImage', domain: 'account' },
    params: imageParams,
    success: { status: 200, schema: z.object({ items: z.array(SuppressedFinding) }) },
    errors: [403, 404, 500],
  }),
  /** List images with verdict and vulnerability counts. */
  list_image_overview: defineOperation({
    id: 'list_image_overview',
    method: 'GET',
    path: '/windlass/images',
    tag: 'Windlass',
    summary: 'List images with verdict and vulnerability counts',
    permission: { action: 'listImages', domain: 'account' },
    query: z.object({
      /** Part of a tag, repository or digest. */
      search: z.string().optional(),
      analysis_status: queryList(ImageOverview.shape.analysis_status).optional(),
      verdict: ImageOverview.shape.verdict,
      /** Only images with a vulnerability of at least this severity. */
      severity: z.enum(['critical', 'high', 'medium', 'low', 'negligible', 'unknown']).optional(),
      order_by: z.enum(['created_at', 'analyzed_at', 'full_tag', 'critical', 'high', 'packages']).default('created_at'),
      descending: queryBoolean().default(true),
      page: queryInteger({ min: 1 }).default(1),
      limit: queryInteger({ min: 1, max: 1000 }).default(50),
    }),
    success: { status: 200, schema: ImageOverviewList },
    errors: [400, 403, 500],
  }),
};
