import { sql } from 'kysely';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Database } from '#platform/database/types.ts';
import { insert } from '../reports.fixture.ts';
import { chanceOf, moment } from './chance.ts';
import type { Fleet } from './facts.ts';
import { generateCatalogue } from './generate-catalogue.ts';
import { generateCollected, generateInventory } from './generate-inventory.ts';
import { generateJudgements, generateVerdicts } from './generate-judgements.ts';

/** The facts of a seed. */
export function generateFleet(seed: number, metricIds: readonly string[]): Fleet {
  const chance = chanceOf(seed);
  const catalogue = generateCatalogue(chance);
  return {
    ...catalogue,
    ...generateJudgements(chance, catalogue),
    ...generateVerdicts(chance, catalogue),
    ...generateInventory(chance, catalogue),
    ...generateCollected(chance, catalogue.accounts, metricIds),
  };
}

/** The vulnerability data in use, as far as reports ask it. */
export function indexOf(fleet: Fleet): VulnerabilityIndex {
  return {
    detail: (id: string, namespace: string) => {
      const epss = fleet.presentEpss.get(`${id}\n${namespace}`);
      return epss && { epss };
    },
    ruledOut: (matchable: unknown) => new Set((matchable as { ruledOut: string[] }).ruledOut),
  } as unknown as VulnerabilityIndex;
}

const START = moment(0);
const written = { created_at: START, last_updated: START };
const product = (image: string | null, purls: string[]) => ({
  purls,
  digests: image?.startsWith('sha256:') ? [image] : [],
  names: image && !image.startsWith('sha256:') ? [image] : [],
  cpes: [],
});

/** Rows of every table. */
function rowsOf(fleet: Fleet): [table: string, rows: object[]][] {
  return [
    ['account', fleet.accounts.map((name) => ({ name, type: 'user', state: 'enabled', ...written }))],
    ['vulnerability', fleet.vulnerabilities.map((row) => ({ ...row, provider: 'p', updated_by_build: 'b' }))],
    [
      'package',
      fleet.packages.map((row) => ({
        ...row,
        identity: `i${row.id}`,
        search_names: [],
        coverage: 'covered',
        created_at: START,
      })),
    ],
    [
      'package_match',
      fleet.matches.map((row) => ({ ...row, kind: 'exact-direct', constraint_text: '<2', opened_by_build: 'b' })),
    ],
    [
      'analysis',
      fleet.analyses.map((row) => ({
        ...row,
        ...{ analyzer_version: '1', document_key: `k${row.id}`, distro_like: [], image_size: 1 },
        ...{ layer_count: row.layer_digests.length, package_counts: {}, problems: [], created_at: START },
      })),
    ],
    ['analysis_package', fleet.contained],
    ['image', fleet.images.map((row) => ({ ...row, status_history: [], last_updated: START }))],
    ['analysis_package_override', fleet.overrides.map((row) => ({ ...row, corrections: [] }))],
    ['tag_mapping', fleet.tags.map((row) => ({ ...row, opened_at: row.detected_at }))],
    [
      'vulnerability_annotation',
      fleet.annotations.map((row) => ({ ...row, author: 'a', version: 1, updated_at: row.created_at })),
    ],
    [
      'vex_document',
      fleet.documents.map((row) => ({
        ...row,
        ...{ format: 'openvex', document_id: row.uuid, digest: row.uuid, statement_count: 0, problems: [] },
      })),
    ],
    [
      'vex_statement',
      fleet.statements.map(({ ids, image, purls, ...row }) => ({
        ...row,
        vulnerability_ids: ids.map((id) => id.toUpperCase()),
        statement: {
          ...{ vulnerabilities: ids, status: row.status },
          products: image
            ? [{ ...product(image, []), subcomponents: purls.map((purl) => product(null, [purl])) }]
            : purls.map((purl) => ({ ...product(null, [purl]), subcomponents: [] })),
          ...(row.stated_at ? { timestamp: row.stated_at } : {}),
        },
      })),
    ],
    [
      'policy',
      fleet.policies.map((row) => ({ ...row, policy_source: 'local', document: {}, digest: 'd', ...written })),
    ],
    [
      'evaluation',
      fleet.evaluations.map(({ broken, findings, ...row }) => ({
        ...row,
        ...{ input_digest: `i${row.id}`, final_action: row.status === 'pass' ? 'go' : 'stop' },
        result: {
          result: {
            number_of_findings: findings,
            evaluation_problems: broken
              ? [{ severity: 'error', problem_type: 'x', details: 'x' }]
              : [{ severity: 'warn' }],
          },
        },
      })),
    ],
    [
      'reported_cluster',
      fleet.clusters.map((row) => ({ ...row, created_at: START, last_report_at: START, last_report_timestamp: START })),
    ],
    ['inventory_context', fleet.contexts.map((row) => ({ ...row, ...written, report_timestamp: START }))],
    ['inventory_image', fleet.running.map((row) => ({ ...row, ...written }))],
    ['inventory_node', fleet.nodes.map((row) => ({ ...row, ...written, details: {}, hash: 'h' }))],
    ['inventory_pod', fleet.pods.map((row) => ({ ...row, ...written, hash: 'h' }))],
    ['inventory_container', fleet.containers.map((row) => ({ ...row, ...written, workload: 'deployment/x' }))],
    ['inventory_ecs_task', fleet.tasks.map((row) => ({ ...row, ...written, hash: 'h' }))],
    ['inventory_ecs_service', fleet.services.map((row) => ({ ...row, ...written, hash: 'h' }))],
    ['metric_sample', fleet.samples],
    [
      'scheduled_query',
      fleet.schedules.map((row) => ({
        ...row,
        ...{ cron_schedule: '0 1 * * *', time_zone: 'UTC', query: '{ metrics { results { id } } }', variables: {} },
        ...{ delta: false, last_updated: row.created_at },
      })),
    ],
    [
      'scheduled_query_execution',
      fleet.executions.map((row) => ({ ...row, cause: 'request', request: {}, row_count: 3, page_count: 1 })),
    ],
  ];
}

/** Puts a fleet in the place of what the database holds. */
export async function storeFleet(database: Database, fleet: Fleet): Promise<void> {
  const tables = rowsOf(fleet);
  await sql`truncate ${sql.join(tables.map(([name]) => sql.table(name)))} cascade`.execute(database.db);
  for (const [name, rows] of tables) await insert(database, name, rows);
  await sql`analyze`.execute(database.db);
}
