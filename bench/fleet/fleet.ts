import { sql } from 'kysely';
import { packageIdentity, searchNames } from '#engine/vulnerabilities/index.ts';
import type { MatchablePackage } from '#engine/vulnerabilities/types.ts';
import { json } from '#platform/database/json.ts';
import type { Database } from '#platform/database/types.ts';
import { packageName } from './builds.ts';

/** Size of a generated fleet. */
export interface FleetSize {
  images: number;
  packagesPerImage: number;
  distinctPackages: number;
  names: number;
  accounts: number;
  /** Share of tags that are watched for changes of vulnerabilities. */
  watched: number;
}

const PACKAGES_AT_ONCE = 2_000;

/** Writes a fleet straight into the tables: distinct packages, images that share them by Zipf's law, tags, subscriptions. */
export async function generateFleet({ db }: Database, size: FleetSize): Promise<void> {
  for (let start = 0; start < size.distinctPackages; start += PACKAGES_AT_ONCE) {
    const rows = Array.from({ length: Math.min(PACKAGES_AT_ONCE, size.distinctPackages - start) }, (_, at) =>
      packageRow(matchablePackage(start + at, size.names)),
    );
    await sql`
      insert into package (identity, type, name, version, search_names, matchable)
      select x.identity, x.type, x.name, x.version, array(select jsonb_array_elements_text(x.search_names)), x.matchable
      from jsonb_to_recordset(${json(rows)}::jsonb)
        as x(identity text, type text, name text, version text, search_names jsonb, matchable jsonb)`.execute(db);
  }
  await sql`insert into account (name, type) select 'bench-' || n, 'user' from generate_series(1, ${size.accounts}::int) n`.execute(
    db,
  );
  await sql`
    insert into analysis (digest, analyzer_version, document_key, image_id)
    select 'sha256:' || lpad(to_hex(n), 64, '0'), '1', 'bench/' || n, 'sha256:' || n
    from generate_series(1, ${size.images}::int) n order by n`.execute(db);
  await sql`
    insert into image (account, digest, analysis_id, analysis_status, image_id)
    select 'bench-' || (1 + a.id % ${size.accounts}::int), a.digest, a.id, 'analyzed', a.image_id from analysis a`.execute(
    db,
  );
  await sql`
    insert into tag_mapping (account, registry, repository, tag, digest)
    select account, 'registry.local', 'team/app-' || analysis_id, 'v1', digest from image`.execute(db);
  await sql`
    insert into subscription (subscription_id, account, subscription_type, subscription_key, active)
    select md5(account || '+' || registry || '/' || repository || ':' || tag || '+vuln_update'), account, 'vuln_update',
           registry || '/' || repository || ':' || tag, id % 1000 < ${Math.round(size.watched * 1000)}::int
    from tag_mapping`.execute(db);
  // The generated rows refer to what is there: the checks, and the index row by row, would take most of the time.
  await sql`alter table analysis_package disable trigger all`.execute(db);
  await sql`drop index analysis_package_package`.execute(db);
  const exponent = Math.log(size.distinctPackages);
  await sql`
    insert into analysis_package (analysis_id, package_id, document_id, path, left_to_owner)
    select a.id, f.first + least(floor(exp(random() * ${exponent}::float8)), ${size.distinctPackages}::int)::bigint - 1,
           'p' || n, '/usr/lib/p' || n, false
    from analysis a cross join generate_series(1, ${size.packagesPerImage}::int) n
    cross join (select min(id) as first from package) f`.execute(db);
  await sql`create index analysis_package_package on analysis_package (package_id)`.execute(db);
  await sql`alter table analysis_package enable trigger all`.execute(db);
  for (const table of ['package', 'analysis', 'image', 'tag_mapping', 'subscription', 'analysis_package'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

/** Common packages have low numbers; their names and versions vary in a fixed way. */
function matchablePackage(number: number, names: number): MatchablePackage {
  const { ecosystem, name } = packageName(number % names);
  const version = `1.${Math.floor(number / names)}.0`;
  const base = { type: ecosystem, name, upstreams: [], cpes: [], purl: `pkg:${ecosystem}/${name}@${version}` };
  if (ecosystem === 'npm') return { ...base, version, language: 'javascript' };
  return {
    ...base,
    version: `${version}-1`,
    arch: 'amd64',
    distro: { id: 'debian', versionId: '12', codename: 'bookworm', idLike: [], evidence: '/etc/os-release' },
  };
}

function packageRow(matchable: MatchablePackage) {
  const { type, name, version } = matchable;
  return { identity: packageIdentity(matchable), type, name, version, search_names: searchNames(matchable), matchable };
}
