import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { ComplianceReport, RuleDefinition, RuleResult } from '#engine/compliance/index.ts';
import { json, storableText } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import type { CheckForm } from './check-form.ts';

export type CheckRow = Selectable<Schema['compliance_check']> & { image_known: boolean };
export type FileRow = Selectable<Schema['compliance_file']>;

/** A file that lies in the object store. */
export interface StoredFile {
  uuid: string;
  name: 'result_file' | 'report_file';
  objectKey: string;
  mediaType: string;
  size: number;
  sha256: string;
}

/** What checks are looked for by. */
export interface CheckFilter {
  image_digest?: string | undefined;
  image_tag?: string | undefined;
  namespace?: string | undefined;
  pod?: string | undefined;
  profile?: string | undefined;
  state?: readonly string[] | undefined;
  verdict?: readonly string[] | undefined;
  created_after?: Date | undefined;
  created_before?: Date | undefined;
}

/** Adds a check with its files. */
export async function insertCheck(
  tx: Db,
  account: string,
  check: { uuid: string; form: CheckForm; createdBy: string; state: 'pending' | 'no-results' },
  files: readonly StoredFile[],
): Promise<void> {
  const { form } = check;
  await tx
    .insertInto('compliance_check')
    .values({
      uuid: check.uuid,
      account,
      check_type: form.checkType,
      image_digest: form.imageDigest,
      image_tag: form.imageTag ?? null,
      namespace: form.namespace ?? null,
      pod: form.pod ?? null,
      result: form.result ?? null,
      start_time: form.startTime ?? null,
      end_time: form.endTime ?? null,
      created_by: check.createdBy,
      state: check.state,
    })
    .execute();
  if (files.length === 0) return;
  await tx
    .insertInto('compliance_file')
    .values(
      files.map((file) => ({
        uuid: file.uuid,
        account,
        check_uuid: check.uuid,
        name: file.name,
        object_key: file.objectKey,
        media_type: file.mediaType,
        size: file.size,
        sha256: file.sha256,
      })),
    )
    .execute();
}

function filtered(db: Db, account: string, filter: CheckFilter) {
  let query = db.selectFrom('compliance_check as c').where('c.account', '=', account);
  for (const name of ['image_digest', 'image_tag', 'namespace', 'pod'] as const) {
    const value = filter[name];
    if (value !== undefined) query = query.where(`c.${name}`, '=', value);
  }
  const { profile, state, verdict, created_after: after, created_before: before } = filter;
  if (profile !== undefined) query = query.where('c.profile_id', '=', profile);
  if (state?.length) query = query.where('c.state', 'in', [...state]);
  if (verdict?.length) query = query.where('c.verdict', 'in', [...verdict]);
  if (after) query = query.where('c.created_at', '>', after);
  if (before) query = query.where('c.created_at', '<', before);
  return query;
}

const imageKnown = sql<boolean>`exists (
  select 1 from image i where i.account = c.account and i.digest = c.image_digest and i.image_status = 'active')`;

/** A page of checks, newest first, and how many there are. */
export async function listChecks(
  db: Db,
  account: string,
  filter: CheckFilter,
  page: { page: number; limit: number },
): Promise<{ rows: CheckRow[]; total: number }> {
  const counted = await filtered(db, account, filter)
    .select((e) => e.fn.countAll<string>().as('total'))
    .executeTakeFirst();
  const rows = await filtered(db, account, filter)
    .selectAll('c')
    .select(imageKnown.as('image_known'))
    .orderBy('c.created_at', 'desc')
    .orderBy('c.uuid')
    .limit(page.limit)
    .offset((page.page - 1) * page.limit)
    .execute();
  return { rows, total: Number(counted?.total ?? 0) };
}

/** One check. */
export function findCheck(db: Db, account: string, uuid: string): Promise<CheckRow | undefined> {
  return db
    .selectFrom('compliance_check as c')
    .where('c.account', '=', account)
    .where('c.uuid', '=', uuid)
    .selectAll('c')
    .select(imageKnown.as('image_known'))
    .executeTakeFirst();
}

/** Files of some checks. */
export function filesOf(db: Db, account: string, checks: readonly string[]): Promise<FileRow[]> {
  if (checks.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('compliance_file')
    .selectAll()
    .where('account', '=', account)
    .where('check_uuid', 'in', [...checks])
    .orderBy('name')
    .execute();
}

/** One file. */
export function findFile(db: Db, account: string, uuid: string): Promise<FileRow | undefined> {
  return db
    .selectFrom('compliance_file')
    .selectAll()
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
}

/** Deletes a check. Undefined when the account has none of this id. */
export function deleteCheck(tx: Db, account: string, uuid: string): Promise<{ image_digest: string } | undefined> {
  return tx
    .deleteFrom('compliance_check')
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .returning('image_digest')
    .executeTakeFirst();
}

/** Notes why the file of a check cannot be read. */
export async function failCheck(tx: Db, account: string, uuid: string, error: string): Promise<void> {
  await tx
    .updateTable('compliance_check')
    .set({ state: 'failed', error: storableText(error) })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .execute();
}

/**
 * Stores what the file of a check says: new rule definitions, the results and the summary, each in one statement.
 * Nothing when the check is gone. A repeated run replaces what an earlier one wrote.
 */
export async function storeReport(tx: Db, account: string, uuid: string, report: ComplianceReport): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('compliance_check')
    .set({
      state: 'parsed',
      error: null,
      format: report.format,
      benchmark_id: textOrNull(report.benchmark.id),
      benchmark_title: textOrNull(report.benchmark.title),
      benchmark_version: textOrNull(report.benchmark.version),
      profile_id: textOrNull(report.profile.id),
      profile_title: textOrNull(report.profile.title),
      target: textOrNull(report.target),
      test_system: textOrNull(report.testSystem),
      evaluated_at: report.endedAt ?? report.startedAt ?? null,
      verdict: report.verdict,
      scores: json(report.scores),
      counts: json(report.counts),
      problems: json(report.problems),
    })
    .where('account', '=', account)
    .where('uuid', '=', uuid)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx.deleteFrom('compliance_rule_result').where('account', '=', account).where('check_uuid', '=', uuid).execute();
  const identities = await storeDefinitions(tx, account, report.results);
  const rows = report.results.map((result, position) => ({
    position,
    identity: identities.get(result.rule)!,
    result: result.result,
    tested_at: result.time ?? null,
    weight: result.weight ?? null,
    check_name: result.check ?? null,
    instance: result.instance ?? null,
    messages: result.messages,
  }));
  await sql`
    insert into compliance_rule_result
      (account, check_uuid, position, rule, result, tested_at, weight, check_name, instance, messages)
    select ${account}, ${uuid}::uuid, n.position, r.id, n.result, n.tested_at, n.weight, n.check_name, n.instance,
      coalesce(n.messages, '{}')
    from jsonb_to_recordset(${json(rows)}::jsonb) as n (position integer, identity text, result text,
      tested_at timestamptz, weight double precision, check_name text, instance text, messages text[])
    join compliance_rule r on r.account = ${account} and r.identity = n.identity`.execute(tx);
  return true;
}

/** Adds the definitions that the account does not have yet; returns the identity of each. */
async function storeDefinitions(
  tx: Db,
  account: string,
  results: readonly RuleResult[],
): Promise<Map<RuleDefinition, string>> {
  const identities = new Map<RuleDefinition, string>();
  const distinct = new Map<string, RuleDefinition>();
  for (const { rule } of results) {
    if (identities.has(rule)) continue;
    const identity = createHash('sha256').update(JSON.stringify(rule)).digest('base64url');
    identities.set(rule, identity);
    distinct.set(identity, rule);
  }
  if (distinct.size === 0) return identities;
  const { rows: known } = await sql<{ identity: string }>`
    select identity from compliance_rule
    where account = ${account} and identity in (select jsonb_array_elements_text(${json([...distinct.keys()])}::jsonb))
    `.execute(tx);
  for (const { identity } of known) distinct.delete(identity);
  if (distinct.size === 0) return identities;
  // In one order in every transaction, so that two of them cannot wait for each other.
  const fresh = [...distinct]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([identity, { id, title, severity, ...definition }]) => ({
      identity,
      rule_id: id,
      title,
      severity,
      definition,
    }));
  await sql`
    insert into compliance_rule (account, identity, rule_id, title, severity, definition)
    select ${account}, n.identity, n.rule_id, n.title, n.severity, n.definition
    from jsonb_to_recordset(${json(fresh)}::jsonb)
      as n (identity text, rule_id text, title text, severity text, definition jsonb)
    on conflict (account, identity) do nothing`.execute(tx);
  return identities;
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storableText(text);
}

/** Object keys below a prefix of the given ones that nothing refers to, whatever the account. */
export async function unreferencedKeys(db: Db, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<{ key: string }>`
    select k.key from jsonb_array_elements_text(${json(keys)}::jsonb) as k (key)
    where not exists (select 1 from compliance_file f where f.object_key = k.key)
      and not exists (select 1 from stig_evaluation s where s.object_key = k.key)`.execute(db);
  return rows.map(({ key }) => key);
}
