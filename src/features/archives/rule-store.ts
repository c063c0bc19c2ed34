import { type Selectable, sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Schema } from '#platform/database/schema.generated.ts';
import type { Db } from '#platform/database/types.ts';
import type { Candidate, Selector, TransitionRule } from './transition-rules.ts';

export type RuleRow = Selectable<Schema['archive_rule']>;

/** An exclusion as stored and shown. */
export interface StoredExclusion {
  selector: Selector;
  expiration_days: number;
  last_seen_in_days?: number;
}

/** Rules of an account, and those for all accounts when asked for; oldest first. */
export function listRules(db: Db, account: string, withGlobal: boolean): Promise<RuleRow[]> {
  return db
    .selectFrom('archive_rule')
    .selectAll()
    .where((eb) =>
      withGlobal ? eb.or([eb('account', '=', account), eb('system_global', '=', true)]) : eb('account', '=', account),
    )
    .orderBy('created_at')
    .orderBy('rule_id')
    .execute();
}

/** A rule that the account owns or that is for all accounts. */
export function findRule(db: Db, account: string, ruleId: string): Promise<RuleRow | undefined> {
  return db
    .selectFrom('archive_rule')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where((eb) => eb.or([eb('account', '=', account), eb('system_global', '=', true)]))
    .executeTakeFirst();
}

export type NewRule = Omit<RuleRow, 'exclude' | 'created_at' | 'last_updated' | 'last_error'> & {
  exclude: StoredExclusion | null;
};

export function insertRule(db: Db, { exclude, ...rule }: NewRule): Promise<RuleRow> {
  return db
    .insertInto('archive_rule')
    .values({ ...rule, exclude: exclude === null ? null : json(exclude) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteRule(db: Db, account: string, ruleId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('archive_rule')
    .where('account', '=', account)
    .where('rule_id', '=', ruleId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** The rules for every account. */
export function globalRules(db: Db): Promise<RuleRow[]> {
  return db.selectFrom('archive_rule').selectAll().where('system_global', '=', true).orderBy('created_at').execute();
}

/** Notes what the last run of a rule (of any account) could not do; null when all went well. */
export async function setRuleError(db: Db, ruleIds: string[], error: string | null): Promise<void> {
  if (ruleIds.length === 0) return;
  await db
    .updateTable('archive_rule')
    .set({ last_error: error })
    .where('rule_id', 'in', ruleIds)
    .where(sql<boolean>`last_error is distinct from ${error}`)
    .execute();
}

/** A stored rule in the form in which it is applied. */
export function toTransitionRule(row: RuleRow): TransitionRule {
  const exclude = row.exclude as StoredExclusion | null;
  return {
    ruleId: row.rule_id,
    selector: { registry: row.registry, repository: row.repository, tag: row.tag },
    ageDays: row.analysis_age_days,
    newerVersions: row.tag_versions_newer,
    ...(row.max_images_per_account === null ? {} : { maxImages: row.max_images_per_account }),
    ...(exclude
      ? {
          exclude: {
            selector: exclude.selector,
            expirationDays: exclude.expiration_days,
            ...(exclude.last_seen_in_days === undefined ? {} : { lastSeenInDays: exclude.last_seen_in_days }),
          },
        }
      : {}),
  };
}

/** Analysed images of the working set of an account, as rules see them. */
export async function workingSet(db: Db, account: string): Promise<Candidate[]> {
  const { rows } = await sql<{ digest: string; since: Date; tags: StoredTag[] }>`
    select i.digest, coalesce(i.analyzed_at, i.created_at) as since,
      coalesce(jsonb_agg(jsonb_build_object('registry', t.registry, 'repository', t.repository, 'tag', t.tag,
        'at', extract(epoch from t.detected_at))) filter (where t.id is not null), '[]') as tags
    from image i left join tag_mapping t on t.account = i.account and t.digest = i.digest
    where i.account = ${account} and i.image_status = 'active' and i.analysis_status = 'analyzed'
    group by i.digest, since`.execute(db);
  return rows.map((row) => ({ digest: row.digest, since: row.since, tags: distinctTags(row.tags) }));
}

/** Images of the archive of an account, as rules see them. */
export async function archivedSet(db: Db, account: string): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('archived_image')
    .select(['digest', 'created_at', 'image_detail'])
    .where('account', '=', account)
    .where('status', '=', 'archived')
    .execute();
  return rows.map((row) => ({
    digest: row.digest,
    since: row.created_at,
    tags: (row.image_detail as { registry: string; repository: string; tag: string; detected_at: string }[]).map(
      ({ registry, repository, tag, detected_at }) => ({
        registry,
        repository,
        tag,
        detectedAt: new Date(detected_at),
      }),
    ),
  }));
}

interface StoredTag {
  registry: string;
  repository: string;
  tag: string;
  /** Seconds of Unix time. */
  at: number;
}

/** A tag that came back to a digest has several mappings: the newest counts. */
function distinctTags(tags: StoredTag[]): Candidate['tags'] {
  const newest = new Map<string, StoredTag>();
  for (const tag of tags) {
    const name = JSON.stringify([tag.registry, tag.repository, tag.tag]);
    if ((newest.get(name)?.at ?? 0) <= tag.at) newest.set(name, tag);
  }
  return [...newest.values()].map(({ at, ...tag }) => ({ ...tag, detectedAt: new Date(at * 1000) }));
}
