import { sql } from 'kysely';
import { json } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';

/** A random source with a seed: a test that fails fails again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

export const ACCOUNTS = ['team-a', 'team-b'] as const;
export const SINCE = '2020-01-01T00:00:00Z';
const SEVERITIES = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown'];
const digestOf = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`;
const dayOf = (n: number) => new Date(Date.UTC(2026, 0, 1 + n, n % 24, n % 60)).toISOString();

/** Writes rows into a table. */
export async function insert({ db }: Database, table: string, rows: object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))})
    overriding system value
    select ${sql.join(columns.map((name) => sql.ref(`x.${name}`)))}
    from jsonb_populate_recordset(null::${sql.table(table)}, ${json(rows)}::jsonb) x`.execute(db);
}

/** Fills two accounts with a fleet in which everything that reports tell apart occurs. */
export async function fillFleet(database: Database, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const often = (share: number) => random() < share;
  const count = (n: number) => Array.from({ length: n }, (_, at) => at);
  await insert(
    database,
    'account',
    ACCOUNTS.map((name) => ({ name, type: 'user', state: 'enabled', created_at: dayOf(0), last_updated: dayOf(0) })),
  );
  const vulnerabilities = count(40).flatMap((n) => {
    const id =
      n % 4 === 0 ? `GHSA-${'abcdefgh'[n % 8]}${n}-x-y` : n % 7 === 0 ? `RHSA-2026:${n}` : `CVE-2026-${1000 + n}`;
    return (n % 3 === 0 ? ['debian:distro:debian:12', 'nvd:cpe'] : ['github:language:python']).map((namespace) => ({
      id,
      namespace,
      provider: namespace.split(':')[0],
      severity: pick(SEVERITIES),
      updated_by_build: 'b',
      detail: {
        id,
        namespace,
        links: often(0.5) ? [`https://example.org/${id}`] : [],
        aliases: often(0.3) ? [`CVE-2025-${n}`] : [],
        cvss: often(0.7) ? [{ version: '3.1', vector: 'x', baseScore: Math.round(random() * 100) / 10 }] : [],
        cwes: [],
        ...(often(0.2) ? { kev: { cve: id, ransomware: false } } : {}),
        ...(often(0.6) ? { epss: { cve: id, score: random(), percentile: random() } } : {}),
      },
    }));
  });
  await insert(database, 'vulnerability', vulnerabilities);
  const packages = count(30).map((n) => ({
    id: n + 1,
    identity: `i${n}`,
    type: pick(['deb', 'rpm', 'python', 'npm', 'java-archive']),
    name: pick(['openssl', 'zlib', 'requests', 'lodash', 'we_ird%']),
    version: `1.${n % 5}`,
    purl: often(0.8) ? `pkg:x/${n}` : null,
    search_names: [],
    matchable: {},
    coverage: 'covered',
    created_at: dayOf(0),
  }));
  await insert(database, 'package', packages);
  let matchId = 0;
  const matches = packages.flatMap((pkg) =>
    vulnerabilities
      .filter(() => often(0.15))
      .flatMap((v) => {
        const row = (opened: number, closed: number | undefined) => ({
          id: ++matchId,
          package_id: pkg.id,
          vulnerability: v.id,
          namespace: v.namespace,
          kind: 'exact-direct',
          fix_state: pick(['fixed', 'not-fixed', 'wont-fix', 'unknown']),
          fix_versions: often(0.5) ? ['2.0'] : [],
          constraint_text: '<2',
          evidence: { aliases: [] },
          first_seen_at: dayOf(opened),
          opened_at: dayOf(opened),
          opened_by_build: 'b',
          closed_at: closed === undefined ? null : dayOf(closed),
        });
        const past = often(0.2) ? [row(1, 10)] : [];
        return often(0.1) && past.length > 0 ? past : [...past, row(Math.floor(random() * 30), undefined)];
      }),
  );
  await insert(database, 'package_match', matches);
  const analyses = count(14).map((n) => ({
    id: n + 1,
    digest: digestOf(n + 1),
    analyzer_version: '1',
    document_key: `k${n}`,
    distro_like: [],
    image_size: 1,
    layer_count: n < 2 ? 1 : 2,
    // The first two are bases of the others.
    layer_digests: n < 2 ? [`l${n}`] : [`l${n % 2}`, `m${n}`],
    image_id: `id${n}`,
    package_counts: {},
    problems: [],
    created_at: dayOf(n),
  }));
  await insert(database, 'analysis', analyses);
  const contained = analyses.flatMap((analysis) =>
    packages
      .filter(() => often(0.3))
      .map((pkg) => ({
        analysis_id: analysis.id,
        package_id: pkg.id,
        document_id: `d${pkg.id}`,
        path: `/p/${pkg.id % 3}`,
        left_to_owner: often(0.1),
      })),
  );
  await insert(database, 'analysis_package', contained);
  const images = ACCOUNTS.flatMap((account, a) =>
    analyses
      .filter((_, n) => (n + a) % 3 !== 0)
      .map((analysis, n) => ({
        account,
        digest: analysis.digest,
        image_id: analysis.image_id,
        image_status: n === 5 ? 'deleting' : 'active',
        analysis_status: 'analyzed',
        status_history: [],
        annotations: {},
        analysis_id: analysis.id,
        created_at: dayOf(n),
        analyzed_at: dayOf(n * 3),
        last_updated: dayOf(n),
      })),
  );
  await insert(database, 'image', images);
  await insert(
    database,
    'analysis_package_override',
    contained
      .filter(() => often(0.1))
      .filter((row) => images.some((image) => image.account === ACCOUNTS[0] && image.analysis_id === row.analysis_id))
      .map((row) => ({
        account: ACCOUNTS[0],
        analysis_id: row.analysis_id,
        document_id: row.document_id,
        package_id: pick(packages).id,
        corrections: [],
      })),
  );
  let tagId = 0;
  const tags = images.flatMap((image, n) => {
    if (n % 6 === 5) return [];
    return count(1 + (n % 3)).map((k) => ({
      id: ++tagId,
      account: image.account,
      registry: pick(['docker.io', 'registry.local']),
      repository: pick(['library/node', 'team/app', 'team/web']),
      // A tag that points to several images at once does not exist: each open row has a tag of its own.
      tag: `t${tagId}`,
      digest: image.digest,
      detected_at: dayOf(n + k),
      opened_at: dayOf(n + k),
      closed_at: often(0.35) ? dayOf(n + k + 2) : null,
    }));
  });
  await insert(database, 'tag_mapping', tags);
  await insert(
    database,
    'policy',
    ACCOUNTS.flatMap((account) =>
      ['one', 'two'].map((policy_id) => ({
        account,
        policy_id,
        name: `Policy ${policy_id}`,
        active: policy_id === 'one',
        policy_source: 'local',
        document: {},
        digest: `digest-${policy_id}`,
        created_at: dayOf(0),
        last_updated: dayOf(0),
      })),
    ),
  );
  let evaluationId = 0;
  await insert(
    database,
    'evaluation',
    tags.flatMap((tag) =>
      count(Math.floor(random() * 4)).map((n) => {
        const status = pick(['pass', 'fail']);
        const broken = status === 'fail' && often(0.2);
        return {
          id: ++evaluationId,
          account: tag.account,
          digest: tag.digest,
          tag: `${tag.registry}/${tag.repository}:${tag.tag}`,
          policy_id: pick(['one', 'two', 'gone']),
          policy_digest: pick(['digest-one', 'digest-old']),
          input_digest: `i${n}`,
          status,
          final_action: status === 'pass' ? 'go' : 'stop',
          final_action_reason: broken ? 'policy_evaluation' : pick(['policy_evaluation', 'allowlisted', 'denylisted']),
          result: {
            result: {
              number_of_findings: broken ? 0 : 3,
              evaluation_problems: broken ? [{ severity: 'error', problem_type: 'x', details: 'x' }] : [],
            },
          },
          by_active_policy: often(0.7),
          evaluated_at: dayOf(n * 5 + (evaluationId % 7)),
        };
      }),
    ),
  );
  await fillInventory(database, images);
  // Statements are planned by what the tables hold.
  await sql`analyze`.execute(database.db);
}

async function fillInventory(
  database: Database,
  images: readonly { account: string; digest: string; image_status: string }[],
): Promise<void> {
  const seen = { created_at: dayOf(0), last_updated: dayOf(1), last_seen: dayOf(40) };
  for (const [a, account] of ACCOUNTS.entries()) {
    const of = images.filter((image) => image.account === account && image.image_status === 'active').slice(0, 5);
    for (const [c, inventory_type] of (['kubernetes', 'ecs'] as const).entries()) {
      const cluster = 1 + a * 2 + c;
      const name = `${account}-${inventory_type}`;
      await insert(database, 'reported_cluster', [
        {
          id: cluster,
          account,
          inventory_type,
          name,
          created_at: dayOf(0),
          last_report_at: dayOf(40),
          last_report_timestamp: dayOf(40),
        },
      ]);
      await insert(database, 'inventory_context', [
        {
          id: cluster,
          account,
          cluster_id: cluster,
          source: 'agent',
          uid: inventory_type === 'ecs' ? '' : `ns-${cluster}`,
          name: inventory_type === 'ecs' ? '' : 'default',
          context: inventory_type === 'ecs' ? name : `${name}/default`,
          labels: { env: 'prod' },
          annotations: {},
          ...seen,
          report_timestamp: dayOf(40),
        },
      ]);
      const running = [
        ...of.map((image, n) => ({ tag: `registry.local/run:${n}`, digest: image.digest })),
        { tag: 'registry.local/unknown:1', digest: digestOf(9999) },
      ];
      await insert(
        database,
        'inventory_image',
        running.map(({ tag, digest }) => ({
          account,
          context_id: cluster,
          image_tag: tag,
          image_digest: digest,
          full_tag: tag,
          ...seen,
        })),
      );
      if (inventory_type === 'kubernetes') {
        await insert(database, 'inventory_node', [
          {
            account,
            cluster_id: cluster,
            uid: 'n1',
            name: 'node-1',
            labels: {},
            annotations: {},
            details: {},
            hash: 'h',
            ...seen,
          },
        ]);
        await insert(
          database,
          'inventory_pod',
          running.map((_, n) => ({
            account,
            context_id: cluster,
            uid: `pod${n}`,
            name: `pod-${n}`,
            node_uid: 'n1',
            labels: { app: `a${n % 2}` },
            annotations: {},
            hash: 'h',
            ...seen,
          })),
        );
      } else {
        await insert(database, 'inventory_ecs_service', [
          { account, context_id: cluster, arn: 'svc', tags: { team: 'x' }, hash: 'h', ...seen },
        ]);
        await insert(
          database,
          'inventory_ecs_task',
          running.map((_, n) => ({
            account,
            context_id: cluster,
            arn: `pod${n}`,
            service_arn: 'svc',
            task_definition_arn: 'def',
            tags: {},
            hash: 'h',
            ...seen,
          })),
        );
      }
      await insert(
        database,
        'inventory_container',
        running.map(({ tag, digest }, n) => ({
          account,
          context_id: cluster,
          owner: `pod${n}`,
          container_id: `c${n}`,
          name: `app-${n}`,
          workload: 'deployment/x',
          image_tag: tag,
          image_digest: digest,
          ...seen,
        })),
      );
    }
  }
}
