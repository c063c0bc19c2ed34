import { windlassOperations } from '#contract/windlass.ts';
import { coverageGaps } from '#engine/vulnerabilities/index.ts';
import type { FeedService } from '#features/feeds/index.ts';
import type { FindingService } from '#features/findings/index.ts';
import { anchoreImage, apiPackageType, type ImageService, packagePath } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { BodyStream } from '#platform/http/types.ts';
import type { Jobs } from '#platform/jobs/types.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { listOverview, type OverviewRow } from './store.ts';

export interface OverviewDependencies {
  database: Database;
  images: ImageService;
  jobs: Jobs;
  findings: FindingService;
  feeds: Pick<FeedService, 'builds'>;
  /** Stores an uploaded archive durably and gives a local file of the same bytes. */
  receiveArchive(stream: BodyStream): Promise<{ key: string; path: string; dispose(): Promise<void> }>;
}

function iso(time: Date | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

const PHASES = new Set(['waiting', 'fetching', 'analyzing', 'matching', 'evaluating', 'done', 'failed']);

/** Progress as the contract says it, from what the job stored. */
function progressView(
  digest: string,
  row: { analysis_status: string; analysis_error: string | null; progress: unknown },
) {
  const stored = (row.progress ?? {}) as Record<string, unknown>;
  const number = (key: string) => (typeof stored[key] === 'number' ? (stored[key] as number) : undefined);
  const states: Record<string, string> = { not_analyzed: 'waiting', analyzed: 'done', analysis_failed: 'failed' };
  const phase = states[row.analysis_status] ?? String(stored.phase ?? 'fetching');
  return present({
    image_digest: digest,
    phase: (PHASES.has(phase) ? phase : 'analyzing') as 'waiting',
    layers_total: number('layersTotal'),
    layers_done: number('layersDone'),
    bytes_total: number('bytesTotal'),
    bytes_done: number('bytesDone'),
    error: row.analysis_error,
  }) as { image_digest: string; phase: 'waiting' };
}

function overviewView(row: OverviewRow) {
  const count = (severity: string) => row.counts?.[severity] ?? 0;
  return {
    image_digest: row.digest,
    full_tags: row.full_tags,
    analysis_status: row.analysis_status,
    image_status: row.image_status,
    created_at: row.created_at.toISOString(),
    ...present({
      parent_digest: row.parent_digest,
      image_id: row.image_id?.replace(/^sha256:/, ''),
      analyzed_at: iso(row.analyzed_at),
      distro: row.distro_id,
      distro_version: row.distro_version,
      arch: row.arch,
      image_size: row.image_size,
      packages: row.packages,
      verdict: row.status,
      final_action: row.final_action,
      evaluated_at: iso(row.evaluated_at),
    }),
    ...(row.analysis_status === 'analyzed'
      ? {
          vulnerabilities: {
            critical: count('Critical'),
            high: count('High'),
            medium: count('Medium'),
            low: count('Low'),
            negligible: count('Negligible'),
            unknown: count('Unknown'),
            fixable: row.fixable,
            known_exploited: row.known_exploited,
          },
        }
      : { progress: progressView(row.digest, row) }),
    problems: [
      ...(row.problems ?? []).map(({ code, message }) => ({ code, message })),
      ...coverageGaps(row.coverage ?? {}),
    ],
  };
}

/** Handlers of the operations beyond the compatible API. */
export function overviewRoutes({ database, images, jobs, findings, feeds, receiveArchive }: OverviewDependencies) {
  async function findJob(id: string) {
    const job = (await jobs.list({ limit: 1000 })).find((candidate) => candidate.id === id);
    if (!job) throw notFound(`job not found: ${id}`);
    return job;
  }

  return bindOperations(windlassOperations, {
    list_jobs: async ({ query }) => ({ items: await jobs.list(present(query)) }),
    get_job: ({ params }) => findJob(params.job_id),
    async cancel_job({ params }) {
      const job = await findJob(params.job_id);
      if (!(await jobs.cancel(job.id))) throw conflict(`job ${job.id} has ended: ${job.state}`);
      return findJob(params.job_id);
    },
    async upload_image_archive({ account, query, stream }) {
      const received = await receiveArchive(stream);
      try {
        const rows = await images.addArchive(account, received.key, received.path, {
          tags: query.tag ?? [],
          force: query.force ?? false,
        });
        return { items: rows.map(anchoreImage) };
      } finally {
        await received.dispose();
      }
    },
    async get_image_progress({ account, params }) {
      return progressView(params.image_digest, await images.get(account, params.image_digest));
    },
    list_feed_builds: async () => ({ items: await feeds.builds() }),
    async get_image_coverage({ account, params }) {
      const row = await images.getAnalyzed(account, params.image_digest);
      const problems = (row.problems ?? []) as { code: string; message: string; severity: string; path?: string }[];
      return {
        image_digest: row.digest,
        ...(await findings.coverage(account, row.digest)),
        problems: problems.map(({ code, message, severity, path }) => ({
          code,
          message,
          severity,
          ...(path ? { path } : {}),
        })),
      };
    },
    async list_suppressed_findings({ account, params }) {
      const { rules, owned, corrected } = await findings.suppressed(account, params.image_digest);
      const all = [
        ...rules.map((row) => ({ ...row, rule: row.match.rule as string, reason: row.match.reason })),
        ...owned,
        ...corrected,
      ];
      return {
        items: all.map((row) => ({
          vulnerability: row.match.vulnerability,
          namespace: row.match.namespace,
          package_name: row.name,
          package_version: row.version,
          package_type: apiPackageType(row.type),
          package_path: packagePath(row, row.path),
          rule: row.rule,
          reason: row.reason,
        })),
      };
    },
    async list_image_overview({ account, query }) {
      const rows = await listOverview(database.db, account, query);
      return { items: rows.map(overviewView), total_rows: rows[0]?.total ?? 0 };
    },
  });
}
