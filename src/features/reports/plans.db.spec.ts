import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { testDatabase, testServer } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { generateFleet } from '../../../bench/fleet/fleet.ts';
import { recordStatements, type Statement } from '../../../test/safety/statements.ts';
import { createReportExecution, type ReportExecution } from './index.ts';

const LARGE = ['analysis_package', 'package_match', 'package', 'evaluation'];
const digest = `sha256:${'1f'.padStart(64, '0')}`;

let database: Database;
let reports: ReportExecution;

/** Packages have a handful of vulnerabilities each; half of the images belong to one account. */
async function fill(): Promise<void> {
  const { db } = database;
  const size = { images: 700, packagesPerImage: 60, distinctPackages: 12_000, names: 3_000, accounts: 2, watched: 0 };
  await generateFleet(database, size);
  await sql`
    insert into vulnerability (id, namespace, provider, severity, detail, updated_by_build)
    select 'CVE-2026-' || n, 'nvd:cpe', 'nvd', (array['Critical', 'High', 'Medium', 'Low'])[1 + n % 4],
      case when n % 50 = 0 then '{"kev": {}}'::jsonb else '{}' end, 'b' from generate_series(10000, 15999) n`.execute(
    db,
  );
  await sql`
    insert into package_match (package_id, vulnerability, namespace, kind, fix_state, constraint_text, evidence, opened_by_build)
    select p.id, 'CVE-2026-' || (10000 + (p.id * 7 + n * 131) % 6000), 'nvd:cpe', 'exact-direct', 'fixed', '', '{}', 'b'
    from package p cross join generate_series(1, 3) n`.execute(db);
  await sql`
    insert into policy (account, policy_id, name, active, document, digest)
    select name, 'p', 'p', true, '{}', 'd' from account where name like 'bench-%'`.execute(db);
  await sql`
    insert into evaluation (account, digest, tag, policy_id, policy_digest, input_digest, status, final_action,
                            final_action_reason, result, evaluated_at)
    select t.account, t.digest, t.registry || '/' || t.repository || ':' || t.tag, 'p', 'd', n::text, 'fail', 'stop',
      'policy_evaluation', '{}', now() - n * interval '1 day'
    from tag_mapping t cross join generate_series(1, 10) n`.execute(db);
  for (const table of [...LARGE, 'vulnerability', 'tag_mapping', 'image', 'policy'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** Large tables that statements read from end to end, as they are planned in the snapshot of a report. */
async function readWhole(statements: readonly Statement[]): Promise<string[]> {
  const found = new Set<string>();
  const visit = (node: PlanNode): void => {
    const table = node['Relation Name'] ?? '';
    if (node['Node Type'] === 'Seq Scan' && LARGE.includes(table)) found.add(table);
    for (const child of node.Plans ?? []) visit(child);
  };
  await database.transaction(async (tx) => {
    await sql`select set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true)`.execute(tx);
    for (const { text, values } of statements) {
      if (!/^\s*(select|with)\b/i.test(text) || text.includes('set_config')) continue;
      const { rows } = await tx.executeQuery<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        CompiledQuery.raw(`explain (format json) ${text}`, values),
      );
      visit(rows[0]!['QUERY PLAN'][0]!.Plan);
    }
  });
  return [...found];
}

const IMAGES = 'vulnerabilityId imagesCount images { digest }';
/** Reports that a page or a filter keeps from reading everything. */
const REPORTS: [name: string, query: string][] = [
  ...[
    '',
    '(orderBy: ID_ASC)',
    '(orderBy: SEVERITY_DESC)',
    '(filter: {vulnerability: {severity: High}})',
    '(filter: {vulnerability: {isKev: true}})',
    '(filter: {vulnerability: {id: "CVE-2026-10020"}})',
    '(filter: {vulnerability: {currentOnly: false}})',
    '(limit: 20, filter: {vulnerability: {inheritedFromBase: true}})',
    '(limit: 20, filter: {vulnerability: {inheritedFromBase: false}})',
    '(filter: {artifact: {name: "package-2003"}})',
    '(filter: {artifact: {name: "package-200*"}})',
    `(filter: {image: {digest: "${digest}"}})`,
    '(filter: {repository: {name: "team/app-31"}})',
    '(filter: {tag: {currentOnly: false}})',
  ].map((args): [string, string] => [
    `images ${args}`,
    `{ list: imagesByVulnerability${args} { results { ${IMAGES} } } }`,
  ]),
  [
    'artifacts',
    '{ list: artifactsByVulnerability { results { vulnerabilityId artifactsCount artifacts { artifactName severity } } } }',
  ],
  [
    'artifacts with their images',
    '{ list: artifactsByVulnerability(limit: 100) { results { artifacts { artifactName imagesCount images { digest } } } } }',
  ],
  [
    'tags',
    '{ list: tagsByVulnerability(limit: 100) { results { registries { repositories { tagsCount tags { tagName } } } } } }',
  ],
  ['matches', '{ list: vulnerabilityMatches { results { vulnerabilityId digest artifactName inheritedFromBase } } }'],
  [
    'verdicts',
    '{ list: policyEvaluationsByTag { results { repositories { tagsCount tags { tagName evaluations { result } } } } } }',
  ],
  [
    'verdicts of the past',
    '{ list: policyEvaluationsByTag(limit: 50, filter: {policyEvaluation: {latestOnly: false}}) { results { repositories { tags { evaluations { result } } } } } }',
  ],
];

describe.skipIf(!testServer)(`reports${testServer ? '' : ' (TEST_DATABASE_URL names no server)'}`, () => {
  beforeAll(async () => {
    database = await testDatabase();
    await fill();
    reports = createReportExecution({
      database,
      currentIndex: () => undefined,
      settings: DEFAULT_MATCH_SETTINGS,
      runningSince: () => new Date(0),
      userBaseImages: true,
    });
  }, 120_000);
  afterAll(() => database?.close());

  it.each(REPORTS)('read no large table from end to end: %s', async (_name, query) => {
    const recording = recordStatements();
    const { data, errors } = await reports
      .executeReport({ scope: { account: 'bench-1' }, query })
      .finally(() => recording.stop());
    expect(errors).toBeUndefined();
    expect(data!.list).toHaveProperty('results');
    expect(await readWhole(recording.statements)).toEqual([]);
  });

  it('ask for the images below vulnerabilities once, not to count them as well', async () => {
    const recording = recordStatements();
    const { data } = await reports
      .executeReport({
        scope: { account: 'bench-1' },
        query: `{ imagesByVulnerability(limit: 60) { results { ${IMAGES} } } }`,
      })
      .finally(() => recording.stop());
    const { results } = data!.imagesByVulnerability as { results: { vulnerabilityId: string }[] };
    const below = recording.statements.filter(({ text }) => /json_agg\(analysis_id|count\(distinct/.test(text));
    const isId = (value: unknown): value is string => typeof value === 'string' && value.startsWith('CVE-');
    const asked = below.map(({ values }) => values.flat().filter(isId));
    // In parts: the first tells how long the lists are.
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.flat()).toEqual(results.map(({ vulnerabilityId }) => vulnerabilityId));
    expect(results).toHaveLength(60);
  });
});
