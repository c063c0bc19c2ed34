import type { ImageReference, TagEntry } from '#contract/query.ts';
import { v1QueryOperations } from '#contract/v1/images.ts';
import type { PackageType } from '#engine/model/package.ts';
import type { FindingService, VulnerableImage } from '#features/findings/index.ts';
import { apiPackageType, fullTag } from '#features/images/index.ts';
import type { BoundOperation } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { bindV1, translated, type V1Request } from './bind.ts';
import type { SecondGeneration } from './second-generation.ts';
import { v1Assessments } from './vulnerability-words.ts';

/** Routes of searches over all images. The second generation has no search by vulnerability: it asks the service. */
export function v1QueryRoutes(v2: SecondGeneration, findings: Pick<FindingService, 'imagesWith'>): BoundOperation[] {
  return bindV1(
    v1QueryOperations,
    {
      query_images_by_package: translated(({ images = [], ...page }) => ({
        ...page,
        images: images.map(({ image, packages }) => ({ image: v1Reference(image ?? {}), packages })),
      })),
      query_images_by_vulnerability: (request) => imagesByVulnerability(request, findings),
      query_vulnerabilities: translated(({ vulnerabilities = [], ...page }) => ({
        ...page,
        vulnerabilities: vulnerabilities.map((one) => ({
          ...one,
          nvd_data: v1Assessments(one.nvd_data),
          vendor_data: v1Assessments(one.vendor_data),
        })),
      })),
    },
    v2,
  );
}

async function imagesByVulnerability(
  { account, query }: V1Request,
  findings: Pick<FindingService, 'imagesWith'>,
): Promise<unknown> {
  const page = Number(query.page || '1');
  if (!Number.isSafeInteger(page) || page < 1)
    throw badRequest(`page must be a number from 1 on, not ${String(query.page)}`);
  const limit = query.limit ? Number(query.limit) : undefined;
  if (limit !== undefined && limit < 1) throw badRequest(`limit must be a number from 1 on, not ${limit}`);
  const rows = await findings.imagesWith(
    account,
    {
      vulnerability: String(query.vulnerability_id),
      vendorOnly: query.vendor_only === true,
      ...(query.namespace ? { namespace: String(query.namespace) } : {}),
      ...(query.affected_package ? { package: String(query.affected_package) } : {}),
      ...(query.severity ? { severity: String(query.severity) } : {}),
    },
    { limit, offset: (page - 1) * (limit ?? 0) },
  );
  const more = limit !== undefined && rows.length > limit;
  const images = (more ? rows.slice(0, limit) : rows).map(vulnerableImage);
  return {
    page: String(page),
    returned_count: images.length,
    images,
    ...(more ? { next_page: String(page + 1) } : {}),
  };
}

function vulnerableImage(row: VulnerableImage) {
  const tags = row.tags.map((tag) => ({
    full_tag: fullTag(tag),
    registry: tag.registry,
    repo: tag.repository,
    tag: tag.tag,
    tag_detected_at: new Date(tag.detected_at).toISOString(),
  }));
  const image = present({
    image_digest: row.digest,
    image_id: row.image_id?.replace(/^sha256:/, ''),
    analyzed_at: row.analyzed_at?.toISOString(),
    tag_history: tags,
  });
  return {
    image: v1Reference(image),
    vulnerable_packages: row.packages.map((pkg) => ({ ...pkg, type: apiPackageType(pkg.type as PackageType) })),
  };
}

function v1Reference({
  image_digest,
  image_id,
  analyzed_at,
  tag_history = [],
}: ImageReference): Record<string, unknown> {
  return { imageDigest: image_digest, imageId: image_id, analyzed_at, tag_history: tag_history.map(v1Tag) };
}

function v1Tag({ full_tag, ...rest }: TagEntry): Record<string, unknown> {
  return { fulltag: full_tag, ...rest };
}
