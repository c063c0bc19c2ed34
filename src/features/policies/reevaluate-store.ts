import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A tag with the analysed image that it points to now. */
export interface CurrentTag {
  id: number;
  account: string;
  digest: string;
  tag: string;
}

/** Accounts whose active policy reads more of the vulnerability data than the matches of an image. */
export interface FollowingAccounts {
  /** By likelihood of exploitation, which changes every day for everything: all images are judged again. */
  wholly: string[];
  /** By age of the data, or whether there is any: images whose last verdict speaks of it are judged again. */
  byAge: string[];
}

/** Triggers whose findings come and go with the data itself, not with matches. */
const BY_AGE = ['stale_feed_data', 'vulnerability_data_unavailable'];
const SCORES = ['epss_score', 'epss_percentile'];

export async function accountsThatFollowData(db: Db): Promise<FollowingAccounts> {
  const rows = await db.selectFrom('policy').select(['account', 'document']).where('active', '=', true).execute();
  const following: FollowingAccounts = { wholly: [], byAge: [] };
  for (const { account, document } of rows) {
    const text = JSON.stringify(document);
    if (SCORES.some((name) => text.includes(`"${name}"`))) following.wholly.push(account);
    else if (BY_AGE.some((name) => text.includes(`"${name}"`))) following.byAge.push(account);
  }
  return following;
}

/** Which tags {@link currentTags} lists. */
export interface TagSelection {
  account: string | undefined;
  afterId: number;
  limit: number;
  /** Only what a bringing of matches to other vulnerability data changed, and what depends on the data itself. */
  touched?: FollowingAccounts & { run: number };
}

/** Tags of analysed images in a stable order. */
export async function currentTags(db: Db, selection: TagSelection): Promise<CurrentTag[]> {
  const { account, afterId, limit, touched } = selection;
  const { rows } = await sql<CurrentTag>`
    select t.id, t.account, t.digest, t.registry || '/' || t.repository || ':' || t.tag as tag
    from tag_mapping t
    join image i on i.account = t.account and i.digest = t.digest
    join account a on a.name = t.account and a.state = 'enabled'
    where t.closed_at is null and t.id > ${afterId} and i.analysis_status = 'analyzed' and i.image_status = 'active'
      ${account === undefined ? sql`` : sql`and t.account = ${account}`}
      ${touched ? sql`and (${isTouched(touched)})` : sql``}
    order by t.id limit ${limit}`.execute(db);
  return rows;
}

function isTouched({ run, wholly, byAge }: FollowingAccounts & { run: number }) {
  return sql`
    exists (select 1 from match_run_image r where r.run = ${run} and r.account = t.account and r.digest = t.digest)
    or t.account = any(${wholly}::text[])
    or exists (
      select 1 from (
        select e.valid_until, e.result, e.final_action from evaluation e
        where e.account = t.account and e.digest = t.digest and e.by_active_policy
          and e.tag = t.registry || '/' || t.repository || ':' || t.tag
        order by e.evaluated_at desc, e.id desc limit 1) latest
      where latest.valid_until <= now()
        or (t.account = any(${byAge}::text[]) and latest.final_action <> 'go'
            and latest.result::text ~ ${BY_AGE.join('|')}))`;
}
