import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Correction } from '#contract/corrections.ts';
import { json, storableText } from '#platform/database/json.ts';
import type { Db } from '#platform/database/types.ts';

/** A correction as stored. */
export interface CorrectionRow {
  uuid: string;
  account: string;
  type: 'package';
  description: string | null;
  match: Correction['match'];
  replace: Correction['replace'];
  created_at: Date;
  last_updated: Date;
}

/** Corrections of an account in the order in which they are applied: the oldest first. */
export async function listCorrections(db: Db, account: string, type?: string): Promise<CorrectionRow[]> {
  let query = db.selectFrom('correction').selectAll().where('account', '=', account);
  if (type !== undefined) query = query.where('type', '=', type);
  return (await query.orderBy('created_at').orderBy('uuid').execute()) as unknown as CorrectionRow[];
}

export async function findCorrection(db: Db, account: string, uuid: string): Promise<CorrectionRow | undefined> {
  const row = await db
    .selectFrom('correction')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return row as unknown as CorrectionRow | undefined;
}

export async function insertCorrection(
  db: Db,
  account: string,
  uuid: string,
  correction: Correction,
  createdBy: string,
): Promise<void> {
  await db
    .insertInto('correction')
    .values({ account, uuid, created_by: createdBy, ...columns(correction) })
    .execute();
}

/** Replaces a correction; false when there is none. */
export async function updateCorrection(
  db: Db,
  account: string,
  uuid: string,
  correction: Correction,
): Promise<boolean> {
  const result = await db
    .updateTable('correction')
    .set({ ...columns(correction), last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deleteCorrection(db: Db, account: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('correction')
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function columns({ type, description, match, replace }: Correction) {
  return {
    type,
    description: description === undefined ? null : storableText(description),
    match: json(match),
    replace: json(replace),
  };
}

/** Digest of what corrections say. */
export function correctionsDigest(rows: CorrectionRow[]): string {
  const content = rows.map(({ uuid, match, replace }) => [uuid, match, replace]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Digest of the corrections that the overrides were made with. */
export async function appliedDigest(db: Db, account: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('correction_state')
    .select('applied_digest')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.applied_digest;
}

/** Notes what the overrides of an account were made with; nothing when the account is gone. */
export async function noteApplied(db: Db, account: string, digest: string): Promise<void> {
  await sql`
    insert into correction_state (account, applied_digest)
    select name, ${digest} from account where name = ${account}
    on conflict (account) do update set applied_digest = excluded.applied_digest, applied_at = now()`.execute(db);
}

/** An analysis that an account uses, with the packages that corrections may concern. */
export interface CorrectableAnalysis {
  id: number;
  document_key: string;
  files_key: string | null;
}

/** Analyses of the account's images and sources that hold a package of these names, or have overrides; all for `names` undefined. */
export async function correctableAnalyses(
  db: Db,
  account: string,
  names: string[] | undefined,
): Promise<CorrectableAnalysis[]> {
  const named =
    names === undefined
      ? sql`true`
      : sql`(exists (select 1 from analysis_package ap join package p on p.id = ap.package_id
                     where ap.analysis_id = a.id and p.name = any(${names}::text[]))
             or exists (select 1 from analysis_package_override o where o.account = ${account} and o.analysis_id = a.id))`;
  const { rows } = await sql<CorrectableAnalysis>`
    select a.id, a.document_key, a.files_key from analysis a
    where (exists (select 1 from image i where i.account = ${account} and i.analysis_id = a.id)
           or exists (select 1 from source s where s.account = ${account} and s.analysis_id = a.id)) and ${named}
    order by a.id`.execute(db);
  return rows;
}

/** Accounts with corrections that have, or wait for, the image or source of an analysis; of every account. */
export async function correctingAccounts(db: Db, analysisId: number): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select distinct c.account from correction c
    join image i on i.account = c.account
    join analysis a on a.id = ${analysisId} and a.digest = i.digest
    union
    select c.account from correction c
    join analysis a on a.id = ${analysisId} and a.account = c.account`.execute(db);
  return rows.map((row) => row.account);
}

/** One analysis by its id, whatever the account. */
export async function analysisById(db: Db, id: number): Promise<CorrectableAnalysis | undefined> {
  return db.selectFrom('analysis').select(['id', 'document_key', 'files_key']).where('id', '=', id).executeTakeFirst();
}

/** A package of an analysis that stands for another one in an account. */
export interface Override {
  document_id: string;
  package_id: number;
  corrections: string[];
}

/** Replaces the overrides of an analysis in an account. Packages that an analysis no longer lists are left out. */
export async function replaceOverrides(
  db: Db,
  account: string,
  analysisId: number,
  overrides: Override[],
): Promise<void> {
  await db
    .deleteFrom('analysis_package_override')
    .where('account', '=', account)
    .where('analysis_id', '=', analysisId)
    .execute();
  if (overrides.length === 0) return;
  await sql`
    insert into analysis_package_override (account, analysis_id, document_id, package_id, corrections)
    select ${account}, ap.analysis_id, ap.document_id, x.package_id,
           array(select jsonb_array_elements_text(x.corrections))::uuid[]
    from jsonb_to_recordset(${json(overrides)}::jsonb) as x(document_id text, package_id bigint, corrections jsonb)
    join analysis_package ap on ap.analysis_id = ${analysisId} and ap.document_id = x.document_id
    where exists (select 1 from account where name = ${account})`.execute(db);
}
