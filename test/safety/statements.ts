import { CompiledQuery, sql } from 'kysely';
import pg from 'pg';
import type { Db } from '#platform/database/types.ts';

/** A statement as it was sent to PostgreSQL. */
export interface Statement {
  text: string;
  values: unknown[];
}

interface Sent {
  text?: unknown;
  values?: unknown[];
}

/** Listens to what every client of this process sends. `stop` ends it. */
export function recordStatements(): { statements: Statement[]; stop(): void } {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function recorded(this: unknown, ...args: unknown[]) {
    const [first, second] = args;
    const sent = (typeof first === 'string' ? { text: first, values: second } : first) as Sent | undefined;
    if (typeof sent?.text === 'string')
      statements.push({ text: sent.text, values: Array.isArray(sent.values) ? sent.values : [] });
    return query.apply(this, args);
  };
  return {
    statements,
    stop() {
      prototype.query = query;
    },
  };
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** Tables that the plan of a statement reads from end to end. */
export async function tablesReadWhole(db: Db, { text, values }: Statement): Promise<string[]> {
  if (!/^\s*(select|with)\b/i.test(text)) return [];
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
    CompiledQuery.raw(`explain (format json) ${text}`, values),
  );
  const found = new Set<string>();
  const visit = (node: PlanNode): void => {
    if (node['Node Type'] === 'Seq Scan') found.add(node['Relation Name'] ?? '');
    for (const child of node.Plans ?? []) visit(child);
  };
  visit(rows[0]!['QUERY PLAN'][0]!.Plan);
  return [...found];
}

/** Tables with more rows than `least`, as the planner counts them. */
export async function bigTables(db: Db, least: number): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace and reltuples > ${least}`.execute(db);
  return new Set(rows.map(({ name }) => name));
}
