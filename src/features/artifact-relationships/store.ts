import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type RelationshipRow = Selectable<Schema['artifact_relationship']>;
export type ArtifactKind = 'image' | 'source';

/** Which relations are listed: those with an artifact of the type, of the id, or both, at either end. */
export interface RelationshipFilter {
  type?: string | undefined;
  id?: string | undefined;
}

/** Newest first. */
export function listRelationships(db: Db, account: string, filter: RelationshipFilter): Promise<RelationshipRow[]> {
  const { type, id } = filter;
  let query = db.selectFrom('artifact_relationship').selectAll().where('account', '=', account);
  if (type !== undefined || id !== undefined) {
    query = query.where((eb) =>
      eb.or(
        (['source', 'target'] as const).map((end) =>
          eb.and([
            ...(type === undefined ? [] : [eb(`${end}_type`, '=', type)]),
            ...(id === undefined ? [] : [eb(`${end}_id`, '=', id)]),
          ]),
        ),
      ),
    );
  }
  return query.orderBy('created_at', 'desc').orderBy('uuid').execute();
}

export function findRelationship(db: Db, account: string, uuid: string): Promise<RelationshipRow | undefined> {
  return db
    .selectFrom('artifact_relationship')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** Stores a relation. One of the same ends and type keeps its id; comment and metadata are replaced. */
export function saveRelationship(
  db: Db,
  account: string,
  row: Omit<RelationshipRow, 'account' | 'created_at' | 'user_metadata'> & {
    user_metadata: Record<string, unknown> | null;
  },
): Promise<RelationshipRow> {
  const described = {
    comment: row.comment,
    user_metadata: row.user_metadata === null ? null : json(row.user_metadata),
  };
  return db
    .insertInto('artifact_relationship')
    .values({ account, ...row, ...described })
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'source_type', 'source_id', 'target_type', 'target_id', 'relationship_type'])
        .doUpdateSet(described),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Deletes relations of the account; returns the ids of those that were there. */
export async function deleteRelationships(db: Db, account: string, uuids: string[]): Promise<string[]> {
  const rows = await db
    .deleteFrom('artifact_relationship')
    .where('account', '=', account)
    .where('uuid', '=', sql<string>`any(${uuids}::uuid[])`)
    .returning('uuid')
    .execute();
  return rows.map((row) => row.uuid);
}
