import { type Selectable, sql } from 'kysely';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type SourceRow = Selectable<Schema['source']>;
export type SourceMetadataRow = Selectable<Schema['source_metadata']>;

/** What names a source. */
export interface SourceName {
  host: string;
  repository_name: string;
  revision: string;
}

/** Sources that are not being deleted, newest first. */
export function listSources(db: Db, account: string): Promise<SourceRow[]> {
  return db
    .selectFrom('source')
    .selectAll()
    .where('account', '=', account)
    .where('source_status', '<>', 'deleting')
    .orderBy('created_at', 'desc')
    .orderBy('uuid')
    .execute();
}

export function findSource(db: Db, account: string, uuid: string): Promise<SourceRow | undefined> {
  return db.selectFrom('source').selectAll().where('account', '=', account).where('uuid', '=', uuid).executeTakeFirst();
}

export function findSourceByName(db: Db, account: string, name: SourceName): Promise<SourceRow | undefined> {
  return db
    .selectFrom('source')
    .selectAll()
    .where('account', '=', account)
    .where('host', '=', name.host)
    .where('repository_name', '=', name.repository_name)
    .where('revision', '=', name.revision)
    .executeTakeFirst();
}

/** The sources among these that the account has, by uuid. */
export async function sourcesByUuid(db: Db, account: string, uuids: string[]): Promise<Map<string, SourceRow>> {
  if (uuids.length === 0) return new Map();
  const rows = await db
    .selectFrom('source')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', 'in', uuids)
    .execute();
  return new Map(rows.map((row) => [row.uuid, row]));
}

/** Creates the source, or makes the known one active again; held until the transaction ends. */
export function saveSource(tx: Db, account: string, uuid: string, name: SourceName): Promise<SourceRow> {
  return tx
    .insertInto('source')
    .values({ uuid, account, ...name })
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'host', 'repository_name', 'revision'])
        .doUpdateSet({ source_status: 'active', last_updated: sql`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Adds what an import told about a source of the account. */
export async function insertMetadata(
  tx: Db,
  account: string,
  source: string,
  metadata: Omit<SourceMetadataRow, 'source' | 'created_at'>,
): Promise<void> {
  await sql`
    insert into source_metadata (uuid, source, ci_workflow_name, ci_workflow_execution_time, branch_name, change_author)
    select ${metadata.uuid}::uuid, s.uuid, ${metadata.ci_workflow_name}, ${metadata.ci_workflow_execution_time}::timestamptz,
           ${metadata.branch_name}, ${metadata.change_author}
    from source s where s.account = ${account} and s.uuid = ${source}`.execute(tx);
}

/** What imports told about a source, oldest first. */
export function metadataOf(db: Db, account: string, source: string): Promise<SourceMetadataRow[]> {
  return db
    .selectFrom('source_metadata as m')
    .innerJoin('source as s', 's.uuid', 'm.source')
    .selectAll('m')
    .where('s.account', '=', account)
    .where('m.source', '=', source)
    .orderBy('m.created_at')
    .orderBy('m.uuid')
    .execute();
}

/** Changes an active source; false when there is none. */
export async function updateSource(
  db: Db,
  account: string,
  uuid: string,
  change: {
    source_status?: 'deleting';
    analysis_status?: 'not_analyzed' | 'analyzing' | 'analyzed' | 'analysis_failed';
    analysis_error?: string | null;
    analysis_id?: number;
    sbom_key?: string;
    analyzed_at?: Date;
  },
): Promise<boolean> {
  const result = await db
    .updateTable('source')
    .set({ ...change, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where('source_status', '=', 'active')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Removes sources of every account that are marked `deleting`, with all that hangs on them. Returns their SBOMs' keys. */
export function collectDeletedSources(db: Db): Promise<{ account: string; sbom_key: string | null }[]> {
  return db
    .deleteFrom('source')
    .where('source_status', '=', 'deleting')
    .where('last_updated', '<', sql<Date>`now() - interval '5 seconds'`)
    .returning(['account', 'sbom_key'])
    .execute();
}

/** Keys of the SBOMs of all sources of an account. */
export async function sbomKeys(db: Db, account: string): Promise<string[]> {
  const rows = await db.selectFrom('source').select('sbom_key').where('account', '=', account).execute();
  return rows.flatMap((row) => row.sbom_key ?? []);
}

/** The analysis of a source of the account: the one that its row names. */
export function analysisOfSource(db: Db, account: string, uuid: string) {
  return db
    .selectFrom('analysis as a')
    .innerJoin('source as s', 's.analysis_id', 'a.id')
    .selectAll('a')
    .where('s.account', '=', account)
    .where('s.uuid', '=', uuid)
    .executeTakeFirst();
}
