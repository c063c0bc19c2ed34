import { type RawBuilder, sql } from 'kysely';

const COLUMNS = sql`i.account, i.digest, i.image_id, i.analyzed_at, ap.analysis_id, ap.document_id, ap.path, ap.owned_by`;

/**
 * Packages of images that count, as they are matched: corrections of the account are applied, and what is left to the
 * advisories of a distribution is left out. The condition is put into both halves, so that each is found by an index; the
 * planner does not do that across a union by itself.
 */
function reportedPackages(found: RawBuilder<unknown>, corrected: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`lateral (
    select ${COLUMNS}, ap.package_id, ap.package_id as found_package_id
    from analysis_package ap join image i on i.analysis_id = ap.analysis_id
    where ${found} and not ap.left_to_owner and not exists (
      select 1 from analysis_package_override o
      where o.account = i.account and o.analysis_id = ap.analysis_id and o.document_id = ap.document_id)
    union all
    select ${COLUMNS}, o.package_id, ap.package_id
    from analysis_package_override o
    join image i on i.account = o.account and i.analysis_id = o.analysis_id
    join analysis_package ap on ap.analysis_id = o.analysis_id and ap.document_id = o.document_id
    where ${corrected} and not ap.left_to_owner)`;
}

const ACTIVE = sql`i.image_status = 'active'`;

/**
 * Those that are matched as a package, e.g. `m.package_id`; in one account when it is given. `behind` is a condition that
 * always holds, over a table that has to be read before: the planner may think otherwise of the order.
 */
export function packagesMatchedAs(
  packageId: RawBuilder<unknown>,
  account?: RawBuilder<unknown>,
  behind?: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const within = sql`${ACTIVE} ${account ? sql`and i.account = ${account}` : sql``} ${behind ? sql`and ${behind}` : sql``}`;
  return reportedPackages(
    sql`ap.package_id = ${packageId} and ${within}`,
    sql`o.package_id = ${packageId} and ${within}`,
  );
}

/** Those of an image, e.g. `img.account`, `img.digest`. */
export function packagesOfImage(account: RawBuilder<unknown>, digest: RawBuilder<unknown>): RawBuilder<unknown> {
  const image = sql`i.account = ${account} and i.digest = ${digest} and ${ACTIVE}`;
  return reportedPackages(image, image);
}
