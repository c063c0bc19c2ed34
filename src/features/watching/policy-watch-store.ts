import { sql } from 'kysely';
import type { Db } from '#platform/database/types.ts';

/** A tag that somebody subscribed to, with the image that it points to. */
export interface SubscribedTag {
  id: number;
  account: string;
  digest: string;
  tag: string;
}

/** Tags of every account with an active `policy_eval` subscription and an analysed image, in a stable order. */
export async function subscribedImages(db: Db, afterId: number, limit: number): Promise<SubscribedTag[]> {
  const { rows } = await sql<SubscribedTag>`
    select t.id, t.account, t.digest, s.subscription_key as tag
    from subscription s
    join account a on a.name = s.account and a.state = 'enabled'
    join tag_mapping t on t.account = s.account and t.closed_at is null
      and t.registry || '/' || t.repository || ':' || t.tag = s.subscription_key
    join image i on i.account = t.account and i.digest = t.digest
    where s.active and s.subscription_type = 'policy_eval' and t.id > ${afterId}
      and i.analysis_status = 'analyzed' and i.image_status = 'active'
    order by t.id limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}
