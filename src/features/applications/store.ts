import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';

export type ApplicationRow = Selectable<Schema['application']>;
export type VersionRow = Selectable<Schema['application_version']>;
export type AssociationRow = Selectable<Schema['application_artifact']>;

/** By name. */
export function listApplications(db: Db, account: string): Promise<ApplicationRow[]> {
  return db
    .selectFrom('application')
    .selectAll()
    .where('account', '=', account)
    .orderBy('name')
    .orderBy('uuid')
    .execute();
}

export function findApplication(db: Db, account: string, uuid: string): Promise<ApplicationRow | undefined> {
  return db
    .selectFrom('application')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** Creates the application, or returns undefined when the account has one of the name. */
export function insertApplication(
  db: Db,
  account: string,
  row: { uuid: string; name: string; description: string },
): Promise<ApplicationRow | undefined> {
  return db
    .insertInto('application')
    .values({ account, ...row })
    .onConflict((conflict) => conflict.columns(['account', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Changes an application; undefined when another one of the account has the name. */
export function updateApplication(
  db: Db,
  account: string,
  uuid: string,
  change: { name: string; description: string },
): Promise<ApplicationRow | undefined> {
  return db
    .updateTable('application')
    .set({ ...change, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('application as other')
            .select('other.uuid')
            .where('other.account', '=', account)
            .where('other.name', '=', change.name)
            .where('other.uuid', '<>', uuid),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Deletes an application with its versions and their associations; false when there is none. */
export async function deleteApplication(db: Db, account: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('application')
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Versions of an application, or of all applications of the account, oldest first. */
export function listVersions(db: Db, account: string, application?: string): Promise<VersionRow[]> {
  return db
    .selectFrom('application_version')
    .selectAll()
    .where('account', '=', account)
    .$if(application !== undefined, (query) => query.where('application', '=', application!))
    .orderBy('created_at')
    .orderBy('uuid')
    .execute();
}

export function findVersion(
  db: Db,
  account: string,
  application: string,
  uuid: string,
): Promise<VersionRow | undefined> {
  return db
    .selectFrom('application_version')
    .selectAll()
    .where('account', '=', account)
    .where('application', '=', application)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** Creates the version, or returns undefined when the application has one of the name. */
export function insertVersion(
  db: Db,
  account: string,
  row: { uuid: string; application: string; version_name: string },
): Promise<VersionRow | undefined> {
  return db
    .insertInto('application_version')
    .values({ account, ...row })
    .onConflict((conflict) => conflict.columns(['application', 'version_name']).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Renames a version; undefined when another one of its application has the name. */
export function renameVersion(
  db: Db,
  account: string,
  version: Pick<VersionRow, 'uuid' | 'application'>,
  name: string,
): Promise<VersionRow | undefined> {
  return db
    .updateTable('application_version')
    .set({ version_name: name, last_updated: sql`now()` })
    .where('account', '=', account)
    .where('uuid', '=', version.uuid)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('application_version as other')
            .select('other.uuid')
            .where('other.account', '=', account)
            .where('other.application', '=', version.application)
            .where('other.version_name', '=', name)
            .where('other.uuid', '<>', version.uuid),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Deletes a version with its associations. */
export async function deleteVersion(db: Db, account: string, uuid: string): Promise<void> {
  await db.deleteFrom('application_version').where('account', '=', account).where('uuid', '=', uuid).execute();
}

/** Associations of a version, oldest first. */
export function listAssociations(db: Db, account: string, version: string): Promise<AssociationRow[]> {
  return db
    .selectFrom('application_artifact')
    .selectAll()
    .where('account', '=', account)
    .where('version', '=', version)
    .orderBy('created_at')
    .orderBy('uuid')
    .execute();
}

/** Associates an artifact with a version; one that is associated already keeps its association. */
export async function saveAssociation(
  db: Db,
  account: string,
  row: {
    uuid: string;
    version: string;
    artifact_type: 'image' | 'source';
    artifact_id: string;
    source_name: object | null;
  },
): Promise<AssociationRow> {
  const source_name = row.source_name === null ? null : json(row.source_name);
  return db
    .insertInto('application_artifact')
    .values({ account, ...row, source_name })
    .onConflict((conflict) =>
      conflict.columns(['version', 'artifact_type', 'artifact_id']).doUpdateSet({ last_updated: sql`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Takes an artifact out of a version; false when there is no such association. */
export async function deleteAssociation(db: Db, account: string, version: string, uuid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('application_artifact')
    .where('account', '=', account)
    .where('version', '=', version)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
