import { sql } from 'kysely';
import type { RuleOutcome, RuleSeverity } from '#engine/compliance/index.ts';
import { escapeLike } from '#platform/database/like.ts';
import type { Db } from '#platform/database/types.ts';

/** One rule of one check. */
export interface RuleRow {
  check_uuid: string;
  rule_id: string;
  title: string;
  severity: RuleSeverity;
  definition: unknown;
  result: RuleOutcome;
  tested_at: Date | null;
  weight: number | null;
  check_name: string | null;
  instance: string | null;
  messages: string[];
  total: string;
}

/** What rules are looked for by. */
export interface RuleFilter {
  result?: readonly string[] | undefined;
  severity?: readonly string[] | undefined;
  search?: string | undefined;
}

function conditions({ result, severity, search }: RuleFilter) {
  const like = search?.trim() ? `%${escapeLike(search.trim())}%` : undefined;
  return sql`
    ${result?.length ? sql`and x.result in (${sql.join(result)})` : sql``}
    ${severity?.length ? sql`and r.severity in (${sql.join(severity)})` : sql``}
    ${like ? sql`and (r.rule_id ilike ${like} or r.title ilike ${like} or r.definition::text ilike ${like})` : sql``}`;
}

/** Rules of a check in the order of its file, and how many there are on all pages. */
export async function rulesOfCheck(
  db: Db,
  account: string,
  check: string,
  filter: RuleFilter,
  page: { page: number; limit: number },
): Promise<{ rows: RuleRow[]; total: number }> {
  const { rows } = await sql<RuleRow>`
    select x.check_uuid, r.rule_id, r.title, r.severity, r.definition, x.result, x.tested_at, x.weight, x.check_name,
      x.instance, x.messages, count(*) over () as total
    from compliance_rule_result x join compliance_rule r on r.id = x.rule
    where x.account = ${account} and x.check_uuid = ${check} ${conditions(filter)}
    order by x.position limit ${page.limit} offset ${(page.page - 1) * page.limit}`.execute(db);
  return { rows, total: Number(rows[0]?.total ?? 0) };
}

/** Outcomes of a check by rule, for comparisons. */
export async function outcomesOfCheck(db: Db, account: string, check: string) {
  const { rows } = await sql<{ id: string; title: string; severity: RuleSeverity; result: RuleOutcome }>`
    select r.rule_id as id, r.title, r.severity, x.result
    from compliance_rule_result x join compliance_rule r on r.id = x.rule
    where x.account = ${account} and x.check_uuid = ${check} order by x.position`.execute(db);
  return rows;
}

/** A rule in one check, with where it ran. */
export interface OccurrenceRow {
  check_uuid: string;
  image_digest: string;
  image_tag: string | null;
  namespace: string | null;
  pod: string | null;
  created_at: Date;
  rule_id: string;
  title: string;
  severity: string;
  result: RuleOutcome;
  total: string;
}

/** Rules across the checks of the account, newest first. */
export async function findRules(
  db: Db,
  account: string,
  filter: RuleFilter & { rule?: string | undefined } & Partial<
      Record<'image_digest' | 'image_tag' | 'namespace' | 'pod', string | undefined>
    >,
  page: { page: number; limit: number },
): Promise<{ rows: OccurrenceRow[]; total: number }> {
  const places = (['image_digest', 'image_tag', 'namespace', 'pod'] as const).flatMap((name) =>
    filter[name] === undefined ? [] : [sql`and ${sql.ref(`c.${name}`)} = ${filter[name]}`],
  );
  const { rows } = await sql<OccurrenceRow>`
    select c.uuid as check_uuid, c.image_digest, c.image_tag, c.namespace, c.pod, c.created_at, r.rule_id, r.title,
      r.severity, x.result, count(*) over () as total
    from compliance_rule r
    join compliance_rule_result x on x.rule = r.id
    join compliance_check c on c.uuid = x.check_uuid
    where r.account = ${account} and x.account = ${account} and c.account = ${account}
      ${filter.rule === undefined ? sql`` : sql`and r.rule_id = ${filter.rule}`}
      ${conditions(filter)} ${sql.join(places, sql` `)}
    order by c.created_at desc, c.uuid, x.position
    limit ${page.limit} offset ${(page.page - 1) * page.limit}`.execute(db);
  return { rows, total: Number(rows[0]?.total ?? 0) };
}
