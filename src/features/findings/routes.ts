import { imageVulnerabilitiesOperations } from '#contract/image-vulnerabilities.ts';
import { queryOperations } from '#contract/query.ts';
import type { PackageType } from '#engine/model/package.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { apiPackageType, fullTag } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import { rawAnswer } from '#platform/http/answers.ts';
import { bindOperations } from '#platform/http/bind-operations.ts';
import type { Actor, BoundOperation, HandlerInput } from '#platform/http/types.ts';
import { badRequest } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { namespaceMatches } from './namespaces.ts';
import { affectedPackages, imagesByPackage } from './query-store.ts';
import type { FindingService } from './service.ts';
import { vulnerabilityReport } from './vdr.ts';
import { vulnerabilityReportXml } from './vdr-xml.ts';
import { cvesOf, nvdData, vendorData, vulnerabilityUrl } from './vulnerability-view.ts';

export interface FindingRoutesDependencies {
  database: Database;
  findings: FindingService;
  currentIndex(): VulnerabilityIndex | undefined;
  /** Throws 403 unless the caller may do the action in the account. */
  require(actor: Actor, account: string, action: string): Promise<void>;
}

const ALL_PACKAGE_TYPES: PackageType[] = [
  'deb',
  'rpm',
  'apk',
  'alpm',
  'portage',
  'nix',
  'npm',
  'gem',
  'python',
  'java-archive',
  'jenkins-plugin',
  'go-module',
  'binary',
  'dotnet',
  'rust-crate',
  'php-composer',
  'hex',
  'conda',
  'R-package',
  'lua-rocks',
  'wordpress-plugin',
];

/** A request for a disclosure report. */
type ReportRequest = Pick<
  HandlerInput<(typeof imageVulnerabilitiesOperations)['get_image_vulnerabilities_by_digest_cyclonedx_json']>,
  'account' | 'actor' | 'params' | 'query'
>;

const VULNERABILITY_TYPES = ['all', 'os', 'non-os'] as const;

/** Handlers of the vulnerability and query operations. */
export function findingRoutes(deps: FindingRoutesDependencies): BoundOperation[] {
  const { findings } = deps;

  async function report({ account, actor, params, query }: ReportRequest) {
    const digest = params.image_digest;
    // Annotations are read by those who may list them.
    if (query.include_annotation_detail) await deps.require(actor, account, 'listVulnAnnotations');
    if (query.force_refresh) await findings.refreshImage(account, digest);
    const analysis = await findings.document(account, digest);
    const rows = await findings.shown(account, digest, { type: params.vuln_type, vendorOnly: query.vendor_only });
    return vulnerabilityReport(analysis, rows, new Date().toISOString(), {
      description: query.include_vuln_description,
      annotations: query.include_annotation_detail,
    });
  }

  return [
    ...bindOperations(imageVulnerabilitiesOperations, {
      async get_image_vulnerability_types({ account, params }) {
        await findings.requireImage(account, params.image_digest);
        return [...VULNERABILITY_TYPES];
      },
      async get_image_vulnerabilities_by_digest({ account, params, query }) {
        if (query.force_refresh) await findings.refreshImage(account, params.image_digest);
        return findings.report(account, params.image_digest, {
          type: params.vuln_type,
          vendorOnly: query.vendor_only,
          description: query.include_vuln_description,
          ...(query.base_digest ? { baseDigest: query.base_digest } : {}),
        });
      },
      get_image_vulnerabilities_by_digest_cyclonedx_json: async (request) =>
        rawAnswer(JSON.stringify(await report(request)), { contentType: 'application/json' }),
      get_image_vulnerabilities_by_digest_cyclonedx_xml: async (request) =>
        rawAnswer(vulnerabilityReportXml(await report(request)), { contentType: 'application/xml' }),
    }),
    ...bindOperations(queryOperations, {
      async query_images_by_package({ account, query }) {
        const page = pageNumber(query.page);
        const limit = pageSize(query.limit);
        const types = query.package_type
          ? [query.package_type, ...ALL_PACKAGE_TYPES.filter((type) => apiPackageType(type) === query.package_type)]
          : undefined;
        const rows = await imagesByPackage(
          deps.database.db,
          account,
          { name: query.name, version: query.version, types },
          { limit, offset: (page - 1) * (limit ?? 0) },
        );
        const more = limit !== undefined && rows.length > limit;
        const images = (more ? rows.slice(0, limit) : rows).map((row) => ({
          image: present({
            image_digest: row.digest,
            image_id: row.image_id?.replace(/^sha256:/, ''),
            analyzed_at: row.analyzed_at?.toISOString(),
            tag_history: row.tags.map((tag) => ({
              full_tag: fullTag(tag),
              registry: tag.registry,
              repo: tag.repository,
              tag: tag.tag,
              tag_detected_at: new Date(tag.detected_at).toISOString(),
            })),
          }),
          packages: row.packages.map((pkg) => ({ ...pkg, type: apiPackageType(pkg.type as PackageType) })),
        }));
        return {
          page: String(page),
          returned_count: images.length,
          images,
          ...(more ? { next_page: String(page + 1) } : {}),
        };
      },
      async query_vulnerabilities({ account, query }) {
        if (query.id.length === 0) throw badRequest("'id' is a required property");
        if (query.affected_package_version && !query.affected_package) {
          throw badRequest('affected_package_version needs affected_package');
        }
        const index = deps.currentIndex();
        const wanted = query.namespace ?? [];
        const details = [...new Set(query.id)]
          .flatMap((id) => index?.find(id) ?? [])
          .filter((detail) => wanted.length === 0 || wanted.some((name) => namespaceMatches(name, detail.namespace)));
        const affected = await affectedPackages(
          deps.database.db,
          account,
          details.map((detail) => detail.id),
          { index, settings: findings.settings },
        );
        const rows = details
          .map((detail) => ({ detail, packages: affected.get(`${detail.namespace} ${detail.id}`) ?? [] }))
          .filter(({ packages }) => {
            if (!query.affected_package) return true;
            return packages.some(
              (pkg) =>
                pkg.name === query.affected_package &&
                (!query.affected_package_version || pkg.version === query.affected_package_version),
            );
          });
        const page = pageNumber(query.page);
        const limit = pageSize(query.limit) ?? rows.length;
        const shown = rows.slice((page - 1) * limit, page * limit);
        return {
          page: String(page),
          returned_count: shown.length,
          ...(page * limit < rows.length ? { next_page: String(page + 1) } : {}),
          vulnerabilities: shown.map(({ detail, packages }) => ({
            id: detail.id,
            namespace: detail.namespace,
            affected_packages: packages.map((pkg) => ({ ...pkg, type: apiPackageType(pkg.type as PackageType) })),
            severity: detail.severity,
            link: vulnerabilityUrl(detail),
            nvd_data: nvdData(cvesOf(detail).flatMap((cve) => index?.detail(cve, 'nvd:cpe') ?? [])),
            vendor_data: vendorData(detail),
            description: detail.description ?? '',
            references: detail.links.map((url) => ({ source: detail.provider, tags: [], url })),
          })),
        };
      },
    }),
  ];
}

/** Rows of a page; undefined for all in one. */
function pageSize(limit: number | undefined): number | undefined {
  if (limit === undefined || limit === 0) return undefined;
  if (limit < 0) throw badRequest(`limit must be a number from 0 on, not ${limit}`);
  return limit;
}

function pageNumber(text: string | undefined): number {
  const page = Number(text || '1');
  if (!Number.isSafeInteger(page) || page < 1) throw badRequest(`page must be a number from 1 on, not ${text}`);
  return page;
}
