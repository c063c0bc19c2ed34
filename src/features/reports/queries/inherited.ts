import { type RawBuilder, sql } from 'kysely';
import { packagesOfImage } from './packages.ts';

/** Annotation by which a user marks an image as a base image. */
const MARKED = 'anchore.user/marked_base_image';

/**
 * Condition over the packages of images `ap`, `package p` and `package_match m`: the base image has the same vulnerability in
 * the same version of the package. The base is the longest proper prefix of the layers among the images of the account;
 * one that a user marked goes first.
 */
export function inherited(userBaseImages: boolean): RawBuilder<unknown> {
  const marked = userBaseImages ? sql`coalesce(b.annotations ->> ${MARKED} = 'true', false) desc,` : sql``;
  return sql`exists (
    select 1 from analysis own
    cross join lateral (
      select b.account, b.digest from analysis ba
      join image b on b.analysis_id = ba.id and b.account = ap.account and b.image_status = 'active'
      where b.digest <> ap.digest and ba.layer_digests && own.layer_digests[1:1]
        and cardinality(ba.layer_digests) between 1 and cardinality(own.layer_digests) - 1
        and ba.layer_digests = own.layer_digests[1:cardinality(ba.layer_digests)]
      order by ${marked} cardinality(ba.layer_digests) desc, b.created_at limit 1) base
    cross join ${packagesOfImage(sql`base.account`, sql`base.digest`)} bp
    join package bf on bf.id = bp.found_package_id and bf.name = p.name and bf.version = p.version and bf.type = p.type
    join package_match bm on bm.package_id = bp.package_id and bm.closed_at is null
      and bm.vulnerability = m.vulnerability and bm.namespace = m.namespace
    where own.id = ap.analysis_id)`;
}
