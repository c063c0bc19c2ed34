import { type RawBuilder, sql } from 'kysely';
import { DEFAULT_MATCH_SETTINGS, MATCHER_VERSION } from '#engine/vulnerabilities/index.ts';
import { createFindingService } from '#features/findings/index.ts';
import type { Database } from '#platform/database/types.ts';
import { generateBuild } from '../fleet/builds.ts';
import { generateFleet } from '../fleet/fleet.ts';

/** The account that has all images of the fleet; `bench-1` to `bench-5` have a fifth each. */
export const WHOLE_FLEET = 'bench-all';

/** Tables that no report may read from end to end when a filter or a page could avoid it. */
export const LARGE = [
  'analysis_package',
  'package_match',
  'package',
  'evaluation',
  'inventory_image',
  'inventory_container',
  'inventory_pod',
];

/** Is there a fleet in the database already? */
export async function isFilled({ db }: Database): Promise<boolean> {
  const { rows } = await sql`select 1 from evaluation limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Fills a database with images of 400 packages each, their matches, history of tags, verdicts, base images and what runs.
 * One in ten images has a former tag; each twentieth image is the base of others.
 */
export async function fillFleet(database: Database, folder: string, images: number): Promise<void> {
  const { db } = database;
  const size = {
    images,
    packagesPerImage: 400,
    distinctPackages: images * 10,
    names: images * 2,
    accounts: 5,
    watched: 0,
  };
  await generateFleet(database, size);
  const build = await generateBuild(folder, 'reports', size.names, () => false);
  const index = build.open();
  const findings = createFindingService({
    database,
    currentIndex: () => index,
    settings: DEFAULT_MATCH_SETTINGS,
    matcherVersion: MATCHER_VERSION,
    changed: async () => undefined,
  } as unknown as Parameters<typeof createFindingService>[0]);
  await findings.rematch(index, { openFormer: async () => undefined });
  await index.close();
  for (const statement of FURTHER) await statement.execute(db);
  for (const table of [...LARGE, 'vulnerability', 'tag_mapping', 'image', 'analysis', 'inventory_context', 'policy'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

const FURTHER: RawBuilder<unknown>[] = [
  sql`insert into account (name, type) values (${WHOLE_FLEET}, 'user')`,
  sql`
    insert into image (account, digest, analysis_id, analysis_status, image_id, analyzed_at)
    select ${WHOLE_FLEET}, a.digest, a.id, 'analyzed', a.image_id, now() - (a.id % 90) * interval '1 day' from analysis a`,
  sql`update image set analyzed_at = now() - (analysis_id % 90) * interval '1 day' where account <> ${WHOLE_FLEET}`,
  // Ten tags in each repository of the account with all images: teams tag versions.
  sql`
    insert into tag_mapping (account, registry, repository, tag, digest)
    select account, 'registry.local', 'team/app-' || analysis_id / 10, 'v' || analysis_id % 10, digest
    from image where account = ${WHOLE_FLEET}`,
  sql`
    insert into tag_mapping (account, registry, repository, tag, digest, detected_at, opened_at, closed_at)
    select account, registry, repository, tag, 'sha256:' || lpad(to_hex(id % 100 * 20 + 1), 64, '0'), now() - interval '9 days',
           now() - interval '9 days', now() - interval '2 days'
    from tag_mapping t where id % 10 = 0 and exists (
      select 1 from image i where i.account = t.account and i.digest = 'sha256:' || lpad(to_hex(t.id % 100 * 20 + 1), 64, '0'))`,
  sql`
    update analysis set layer_digests = case when id % 20 = 1 then array['layer-' || id]
      else array['layer-' || (id / 20 * 20 + 1), 'own-' || id] end`,
  // A part of the records is known to be exploited; some of what was found was closed since.
  sql`update vulnerability set detail = detail || '{"kev": {"dateAdded": "2025-01-01"}}' where hashtext(id) % 50 = 0`,
  sql`
    update vulnerability set detail = detail || jsonb_build_object('epss', jsonb_build_object(
      'cve', id, 'score', (hashtext(id) & 1023) / 1024.0, 'percentile', (hashtext(id) & 1023) / 1024.0))`,
  sql`update package_match set first_seen_at = now() - (id % 60) * interval '1 day'`,
  sql`update package_match set closed_at = now(), closed_by_build = 'b' where hashtext(vulnerability) % 40 = 0`,
  sql`
    insert into policy (account, policy_id, name, active, document, digest)
    select name, 'p', 'p', true, '{}', 'd' from account where name like 'bench-%'`,
  sql`
    insert into evaluation (account, digest, tag, policy_id, policy_digest, input_digest, status, final_action,
                            final_action_reason, result, evaluated_at)
    select t.account, t.digest, t.registry || '/' || t.repository || ':' || t.tag, 'p', 'd', n::text,
           case when t.id % 3 = 0 then 'pass' else 'fail' end, 'stop', 'policy_evaluation', '{}', now() - n * interval '1 day'
    from tag_mapping t cross join generate_series(1, 3) n`,
  sql`
    insert into vulnerability_annotation (uuid, account, digest, vulnerability_id, status, author)
    select gen_random_uuid(), i.account, i.digest, m.vulnerability, 'not_affected', 'bench'
    from image i
    cross join lateral (
      select m.vulnerability from analysis_package ap join package_match m on m.package_id = ap.package_id
      where ap.analysis_id = i.analysis_id and m.closed_at is null order by ap.document_id, m.id limit 2) m
    where i.analysis_id % 50 = 0 on conflict do nothing`,
  sql`
    insert into reported_cluster (account, inventory_type, name, last_report_at, last_report_timestamp)
    select a.name, 'kubernetes', 'cluster-' || n, now(), now() from account a cross join generate_series(1, 2) n
    where a.name like 'bench-%'`,
  sql`
    insert into inventory_context (account, cluster_id, source, uid, name, context, created_at, last_updated, last_seen, report_timestamp)
    select k.account, k.id, 'agent', 'uid-' || n, 'team-' || n, k.name || '/team-' || n, now(), now(), now(), now()
    from reported_cluster k cross join generate_series(1, 20) n`,
  // Half of the images run, each in one namespace; one in fifty of what runs is unknown.
  sql`
    insert into inventory_image (account, context_id, image_tag, image_digest, full_tag, created_at, last_updated)
    select c.account, c.id, t.name, case when i.n % 50 = 0 then 'sha256:unknown-' || i.n else i.digest end, t.name, now(), now()
    from (select *, row_number() over (partition by account order by digest) as n from image) i
    cross join lateral (
      select registry || '/' || repository || ':' || tag as name from tag_mapping t
      where t.account = i.account and t.digest = i.digest and closed_at is null limit 1) t
    join (select *, row_number() over (partition by account order by id) as n from inventory_context) c
      on c.account = i.account and c.n = 1 + i.n % 40
    where (i.n / 40) % 2 = 0`,
  sql`
    insert into inventory_pod (account, context_id, uid, name, node_uid, labels, annotations, hash, created_at, last_updated)
    select account, context_id, 'pod-' || md5(image_tag), 'pod-' || md5(image_tag), 'node-1', '{}', '{}', 'h', now(), now()
    from inventory_image`,
  sql`
    insert into inventory_container (account, context_id, owner, container_id, name, workload, image_tag, image_digest, created_at, last_updated)
    select account, context_id, 'pod-' || md5(image_tag), 'c-' || md5(image_tag), 'main', 'Deployment/app', image_tag, image_digest, now(), now()
    from inventory_image`,
];
