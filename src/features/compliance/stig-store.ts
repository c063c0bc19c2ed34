import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { HdfSummary } from '#engine/compliance/index.ts';
import { json, storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type StigRow = Selectable<Schema['stig_evaluation']>;

/** What is stored of an evaluation. */
export interface NewStig {
  profile: string;
  objectKey: string;
  size: number;
  sha256: string;
  summary: HdfSummary;
  uploadedBy: string;
}

/** Whether the account has this image. */
export async function hasImage(db: Db, account: string, digest: string): Promise<boolean> {
  const row = await db
    .selectFrom('image')
    .select('digest')
    .where('account', '=', account)
    .where('digest', '=', digest)
    .where('image_status', '=', 'active')
    .executeTakeFirst();
  return row !== undefined;
}

/** Evaluations of an image, newest first. */
export function listStigs(db: Db, account: string, digest: string): Promise<StigRow[]> {
  return db
    .selectFrom('stig_evaluation')
    .selectAll()
    .where('account', '=', account)
    .where('image_digest', '=', digest)
    .orderBy('uploaded_at', 'desc')
    .orderBy('uuid')
    .execute();
}

/** One evaluation of an image. */
export function findStig(db: Db, account: string, digest: string, uuid: string): Promise<StigRow | undefined> {
  return db
    .selectFrom('stig_evaluation')
    .selectAll()
    .where('account', '=', account)
    .where('image_digest', '=', digest)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

function columns({ profile, objectKey, size, sha256, summary, uploadedBy }: NewStig) {
  const now = new Date();
  // A clock that runs ahead must not keep an evaluation fresh for longer.
  const evaluated = summary.evaluatedAt ? new Date(Math.min(Date.parse(summary.evaluatedAt), now.getTime())) : now;
  return {
    stig_profile: storableText(profile),
    object_key: objectKey,
    size,
    sha256,
    controls: summary.controls,
    counts: json(summary.counts),
    evaluated_at: evaluated,
    uploaded_at: now,
    uploaded_by: uploadedBy,
  };
}

/** Adds an evaluation of an image. */
export function insertStig(tx: Db, account: string, digest: string, uuid: string, stig: NewStig): Promise<StigRow> {
  return tx
    .insertInto('stig_evaluation')
    .values({ uuid, account, image_digest: digest, ...columns(stig) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Replaces an evaluation. Undefined when the image has none of this id. */
export function replaceStig(
  tx: Db,
  account: string,
  digest: string,
  uuid: string,
  stig: NewStig,
): Promise<StigRow | undefined> {
  return tx
    .updateTable('stig_evaluation')
    .set(columns(stig))
    .where('account', '=', account)
    .where('image_digest', '=', digest)
    .where('uuid', '=', uuid)
    .returningAll()
    .executeTakeFirst();
}

/** Deletes an evaluation. Undefined when the image has none of this id. */
export function deleteStig(
  tx: Db,
  account: string,
  digest: string,
  uuid: string,
): Promise<{ object_key: string } | undefined> {
  return tx
    .deleteFrom('stig_evaluation')
    .where('account', '=', account)
    .where('image_digest', '=', digest)
    .where('uuid', '=', uuid)
    .returning('object_key')
    .executeTakeFirst();
}

/** An evaluation that the `stig` gate reads. */
export interface Evaluation {
  evaluatedAt: string;
  profile?: string;
}

/** Evaluations of an image: uploaded HDF documents, and compliance checks that passed or failed at least one rule. */
export async function evaluationsOfImage(db: Db, account: string, digest: string): Promise<Evaluation[]> {
  const { rows } = await sql<{ evaluated_at: Date; profile: string | null }>`
    select s.evaluated_at, s.stig_profile as profile from stig_evaluation s
    where s.account = ${account} and s.image_digest = ${digest}
    union all
    select least(coalesce(c.evaluated_at, c.end_time, c.created_at), c.created_at), coalesce(c.profile_title, c.profile_id)
    from compliance_check c
    where c.account = ${account} and c.image_digest = ${digest} and c.state = 'parsed' and c.verdict in ('pass', 'fail')
    order by 1 desc limit 1000`.execute(db);
  return rows.map(({ evaluated_at, profile }) => ({
    evaluatedAt: new Date(evaluated_at).toISOString(),
    ...(profile ? { profile } : {}),
  }));
}

/** SQL text value that changes whenever {@link evaluationsOfImage} does, for digests of a gate's inputs. */
export function evaluationsMark(account: string, digest: string): RawBuilder<string | null> {
  return sql<string | null>`(
    select md5(string_agg(e.mark, ',' order by e.mark)) from (
      select s.uuid || ' ' || s.sha256 || ' ' || extract(epoch from s.evaluated_at) as mark from stig_evaluation s
      where s.account = ${account} and s.image_digest = ${digest}
      union all
      select c.uuid::text from compliance_check c
      where c.account = ${account} and c.image_digest = ${digest} and c.state = 'parsed'
        and c.verdict in ('pass', 'fail')) e)`;
}
