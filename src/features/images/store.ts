import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

export type AnalysisStatus = 'not_analyzed' | 'analyzing' | 'analyzed' | 'analysis_failed';

/** A tag as part of an image row. */
export interface ImageTag {
  registry: string;
  repository: string;
  tag: string;
  detected_at: string;
  created_at: string;
}

function selectImages(db: Db) {
  return db
    .selectFrom('image as i')
    .leftJoin('analysis as a', 'a.id', 'i.analysis_id')
    .selectAll('i')
    .select([
      'a.distro_id',
      'a.distro_version',
      'a.arch',
      'a.image_size',
      'a.layer_count',
      'a.dockerfile_mode',
      'a.problems',
      'a.package_counts',
      'a.layer_digests',
      sql<ImageTag[]>`coalesce((
        select jsonb_agg(jsonb_build_object('registry', t.registry, 'repository', t.repository, 'tag', t.tag,
                 'detected_at', t.detected_at, 'created_at', t.opened_at) order by t.detected_at desc)
        from (select registry, repository, tag, max(detected_at) as detected_at, min(opened_at) as opened_at
              from tag_mapping where account = i.account and digest = i.digest group by 1, 2, 3) t), '[]'::jsonb)`.as(
        'tags',
      ),
    ]);
}

/** An image with its tags and the summary of its analysis. */
export type ImageRow = Awaited<ReturnType<typeof listImages>>[number];

/** Filters of the image listing. Without `history`, a tag filter selects only what the tag points to now. */
export interface ImageFilter {
  image_id?: string;
  tag?: { registry: string; repository: string; tag: string };
  history?: boolean;
  image_status?: 'all' | 'active' | 'deleting';
  analysis_status?: AnalysisStatus;
  analyzed_since?: Date;
}

/** Oldest first: clients that pick the first of several rows of a tag expect it so. */
export function listImages(db: Db, account: string, filter: ImageFilter) {
  let query = selectImages(db).where('i.account', '=', account);
  const status = filter.image_status ?? 'active';
  if (status !== 'all') query = query.where('i.image_status', '=', status);
  // Clients know the id without its algorithm.
  if (filter.image_id) query = query.where('i.image_id', 'in', [filter.image_id, `sha256:${filter.image_id}`]);
  if (filter.analysis_status) query = query.where('i.analysis_status', '=', filter.analysis_status);
  if (filter.analyzed_since) query = query.where('i.analyzed_at', '>', filter.analyzed_since);
  if (filter.tag) {
    const { registry, repository, tag } = filter.tag;
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('tag_mapping as m')
          .select('m.id')
          .whereRef('m.account', '=', 'i.account')
          .whereRef('m.digest', '=', 'i.digest')
          .where('m.registry', '=', registry)
          .where('m.repository', '=', repository)
          .where('m.tag', '=', tag)
          .$if(!filter.history, (inner) => inner.where('m.closed_at', 'is', null)),
      ),
    );
  }
  return query.orderBy('i.created_at').orderBy('i.digest').execute();
}

export function findImage(db: Db, account: string, digest: string): Promise<ImageRow | undefined> {
  return selectImages(db).where('i.account', '=', account).where('i.digest', '=', digest).executeTakeFirst();
}

/** Accounts whose image of this digest waits for an analysis. */
export async function accountsAwaiting(db: Db, digest: string): Promise<string[]> {
  const rows = await db
    .selectFrom('image')
    .select('account')
    .where('digest', '=', digest)
    .where('image_status', '=', 'active')
    .where('analysis_status', 'in', ['not_analyzed', 'analyzing'])
    .execute();
  return rows.map((row) => row.account);
}

export interface NewImage {
  digest: string;
  parent_digest: string | null;
  image_id: string | null;
  annotations: Record<string, string>;
  dockerfile: string | null;
}

/** Creates the image, or returns undefined when the account has it. */
export function insertImage(db: Db, account: string, image: NewImage) {
  return db
    .insertInto('image')
    .values({ account, ...image, annotations: json(image.annotations) })
    .onConflict((conflict) => conflict.columns(['account', 'digest']).doNothing())
    .returning('digest')
    .executeTakeFirst();
}

export async function updateImage(
  db: Db,
  account: string,
  digest: string,
  change: {
    annotations?: Record<string, string>;
    dockerfile?: string;
    image_id?: string;
    parent_digest?: string;
    image_status?: 'active' | 'deleting';
  },
): Promise<void> {
  const { annotations, ...rest } = change;
  await db
    .updateTable('image')
    .set({ ...rest, ...(annotations ? { annotations: json(annotations) } : {}), last_updated: new Date() })
    .where('account', '=', account)
    .where('digest', '=', digest)
    .execute();
}

/**
 * Moves images of one digest (of one account, or of all that are active) to another analysis status and notes the step
 * in their history. Rows that already have the status are left alone. Returns the accounts that moved.
 */
export async function setAnalysisStatus(
  db: Db,
  digest: string,
  to: AnalysisStatus,
  options: { accounts?: string[]; analysisId?: number; error?: string; host: string },
): Promise<string[]> {
  const step = json({
    to_status: to,
    timestamp: new Date().toISOString(),
    source: { host_id: options.host, service_name: 'analyzer', analysis_engine: 'syft-native-pipeline' },
  });
  let query = db
    .updateTable('image')
    .set({
      analysis_status: to,
      analysis_error: options.error ?? null,
      status_history: sql`status_history || jsonb_build_array(jsonb_build_object('from_status', analysis_status) || ${step}::jsonb)`,
      last_updated: sql`now()`,
      ...(to === 'analyzed' ? { analyzed_at: sql<Date>`now()`, progress: null } : {}),
      ...(to === 'analysis_failed' || to === 'not_analyzed' ? { progress: null } : {}),
      ...(options.analysisId === undefined ? {} : { analysis_id: options.analysisId }),
    })
    .where('digest', '=', digest)
    .where('image_status', '=', 'active');
  if (options.accounts) query = query.where('account', 'in', options.accounts);
  const rows = await query.returning('account').execute();
  return rows.map((row) => row.account);
}

/** Shows how far the analysis is, in every account that has the image. */
export async function setProgress(db: Db, digest: string, progress: Record<string, unknown>): Promise<void> {
  await db
    .updateTable('image')
    .set({ progress: json(progress) })
    .where('digest', '=', digest)
    .where('analysis_status', '=', 'analyzing')
    .execute();
}

/** Removes images marked `deleting`, with all that hangs on them. Returns how many. */
export async function collectDeleted(db: Db): Promise<{ account: string; digest: string }[]> {
  return db
    .deleteFrom('image')
    .where('image_status', '=', 'deleting')
    .where('last_updated', '<', sql<Date>`now() - interval '5 seconds'`)
    .returning(['account', 'digest'])
    .execute();
}

/** An image that waits for an analysis, with a name under which its registry knows it. */
export interface WaitingImage {
  account: string;
  digest: string;
  registry: string;
  repository: string;
}

/** Images of every account that have waited for an analysis for more than a minute, each digest once. */
export async function waitingImages(db: Db): Promise<WaitingImage[]> {
  const { rows } = await sql<WaitingImage>`
    select distinct on (i.digest) i.account, i.digest, t.registry, t.repository
    from image i join tag_mapping t on t.account = i.account and t.digest = i.digest
    where i.image_status = 'active' and i.analysis_status in ('not_analyzed', 'analyzing')
      and i.last_updated < now() - interval '1 minute'
    order by i.digest, t.detected_at desc
    limit 1000`.execute(db);
  return rows;
}
