import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { DeploymentHistory } from '#contract/usage.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { Versions } from './versions.ts';

interface DeploymentRow {
  deployment_id: string;
  upgrade_id: string | null;
  to_system_version: string;
  from_system_version: string | null;
  to_database_version: string;
  from_database_version: string | null;
  outcome: string;
  db_upgrade_duration: number;
  created_at: Date;
}

/** Versions that ran here, newest first. */
export async function listDeployments(db: Db): Promise<DeploymentHistory[]> {
  return (await rows(db)).map((row) => ({
    deployment_id: row.deployment_id,
    ...(row.upgrade_id === null ? {} : { upgrade_id: row.upgrade_id }),
    to_system_version: row.to_system_version,
    ...(row.from_system_version === null ? {} : { from_system_version: row.from_system_version }),
    to_database_version: row.to_database_version,
    ...(row.from_database_version === null ? {} : { from_database_version: row.from_database_version }),
    outcome: row.outcome,
    db_upgrade_duration: row.db_upgrade_duration,
    created_at: row.created_at.toISOString(),
  }));
}

/**
 * Notes the first start of a program version on a database version; later starts of the same pair add nothing.
 * `upgradeSeconds` is the time that the migrations took.
 */
export async function recordDeployment(database: Database, versions: Versions, upgradeSeconds = 0): Promise<void> {
  await database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('deployment'))`.execute(tx);
    const last = (await rows(tx))[0];
    if (last?.to_system_version === versions.program && last.to_database_version === versions.schema) return;
    await sql`
      insert into deployment (deployment_id, upgrade_id, to_system_version, from_system_version, to_database_version,
        from_database_version, outcome, db_upgrade_duration)
      values (${randomUUID()}::uuid, ${last ? randomUUID() : null}::uuid, ${versions.program},
        ${last?.to_system_version ?? null}, ${versions.schema}, ${last?.to_database_version ?? null}, 'succeeded',
        ${upgradeSeconds})`.execute(tx);
  });
}

async function rows(db: Db): Promise<DeploymentRow[]> {
  const result = await sql<DeploymentRow>`
    select deployment_id::text as deployment_id, upgrade_id::text as upgrade_id, to_system_version,
      from_system_version, to_database_version, from_database_version, outcome, db_upgrade_duration, created_at
    from deployment order by created_at desc`.execute(db);
  return result.rows;
}
