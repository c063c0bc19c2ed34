import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Fact, PolicyFacts, VulnerabilityFact } from '#engine/policy/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { findAnalysis, getAnalysisDocument, getAnalysisFiles } from '#features/analyses/index.ts';
import { ancestorsOf, type ImageService } from '#features/images/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { nvdDetails, packagesOf } from './finding-store.ts';
import type { FindingService } from './service.ts';
import { cvesOf } from './vulnerability-view.ts';

export interface PolicyFactsDependencies {
  database: Database;
  objects: ObjectStore;
  images: Pick<ImageService, 'getAnalyzed'>;
  findings: Pick<FindingService, 'findings'>;
  currentIndex(): VulnerabilityIndex | undefined;
}

/** Facts of one image, with the digest of what they were made of. */
export interface ImageFacts {
  facts: PolicyFacts;
  imageId: string;
  inputDigest: string;
}

function fact<T>(value: T | undefined): Fact<T> {
  return value === undefined ? { state: 'not-collected' } : { state: 'present', value };
}

/** Gathers what policy gates read about an image of an account. */
export function createPolicyFacts(deps: PolicyFactsDependencies) {
  const { objects, images, findings } = deps;

  /** Changes whenever the analysis, the dockerfile, an open match or the vulnerability data changes. */
  async function inputDigest(db: Db, account: string, digest: string): Promise<string> {
    const { rows } = await sql<{
      key: string;
      files: string | null;
      dockerfile: string | null;
      matches: string | null;
    }>`
      select a.document_key as key, a.files_key as files, md5(i.dockerfile) as dockerfile,
             (select md5(string_agg(m.id::text, ',' order by m.id)) from analysis_package ap
              join package_match m on m.package_id = ap.package_id and m.closed_at is null
              where ap.analysis_id = a.id) as matches
      from image i join analysis a on a.id = i.analysis_id
      where i.account = ${account} and i.digest = ${digest}`.execute(db);
    return createHash('sha256')
      .update(JSON.stringify([rows[0] ?? null, deps.currentIndex()?.checksum ?? null]))
      .digest('hex');
  }

  async function vulnerabilityFacts(
    account: string,
    digest: string,
    packages: Map<string, PolicyFacts['packages'] extends Fact<(infer P)[]> ? P : never>,
  ) {
    const { findings: rows, analyzedAt } = await findings.findings(account, digest);
    const nvd = await nvdDetails(deps.database.db, [...new Set(rows.flatMap((row) => cvesOf(row.detail)))]);
    return rows.flatMap((row): VulnerabilityFact[] => {
      const pkg = packages.get(row.document_id);
      if (!pkg) return [];
      const detected = analyzedAt && analyzedAt > row.first_seen_at ? analyzedAt : row.first_seen_at;
      const nvdCvss =
        row.match.namespace === 'nvd:cpe' ? [] : cvesOf(row.detail).flatMap((cve) => nvd.get(cve)?.cvss ?? []);
      return [
        {
          vulnerability: row.detail,
          package: pkg,
          fixVersions: row.match.fix.versions,
          willNotFix: row.match.fix.state === 'wont-fix',
          detectedAt: new Date(detected).toISOString(),
          ...(row.fix_observed_at ? { fixObservedAt: new Date(row.fix_observed_at).toISOString() } : {}),
          ...(nvdCvss.length > 0 ? { nvdCvss } : {}),
        },
      ];
    });
  }

  return {
    inputDigest,

    async load(db: Db, account: string, digest: string): Promise<ImageFacts | undefined> {
      const row = await images.getAnalyzed(account, digest);
      const stored = await findAnalysis(db, row.digest);
      if (!stored) return undefined;
      const before = await inputDigest(db, account, row.digest);
      const analysis = await getAnalysisDocument(objects, stored);
      const files = await getAnalysisFiles(objects, stored);
      const index = deps.currentIndex();
      const packages = new Map(analysis.packages.map((pkg) => [pkg.id, pkg]));
      const covered = await packagesOf(db, stored.id);
      const ancestors = await ancestorsOf(db, account, row.digest, stored.layer_digests);
      const facts: PolicyFacts = {
        image: {
          ...(analysis.image ?? emptyImage(row.digest)),
          layerCount: analysis.layers.length,
        },
        ...(analysis.distro ? { distro: analysis.distro } : {}),
        packages: { state: 'present', value: analysis.packages },
        files: fact(files),
        secrets: fact(analysis.secrets),
        contentSearch: fact(analysis.contentSearch),
        retrievedFiles: fact(analysis.retrievedFiles),
        dockerfile: row.dockerfile
          ? {
              state: 'present',
              value: { mode: 'Actual', text: Buffer.from(row.dockerfile, 'base64').toString('utf8') },
            }
          : fact(analysis.dockerfile),
        vulnerabilities: index
          ? { state: 'present', value: await vulnerabilityFacts(account, row.digest, packages) }
          : { state: 'not-collected' },
        feed: {
          ...(index ? { builtAt: index.builtAt } : {}),
          coversDistro: index !== undefined && !covered.some((pkg) => pkg.coverage === 'no-data-for-distro'),
        },
        malware: { state: 'not-collected' },
        ancestors: {
          state: 'present',
          value: ancestors.map((ancestor) => ({
            imageDigest: ancestor.image_digest,
            tags: ancestor.tags,
            isBase: ancestor.chosen_base_image,
          })),
        },
      };
      return { facts, imageId: (row.image_id ?? '').replace(/^sha256:/, ''), inputDigest: before };
    },
  };
}

/** An analysis of something without an image configuration. */
function emptyImage(digest: string): PolicyFacts['image'] {
  return {
    manifestDigest: digest as `sha256:${string}`,
    imageId: '',
    mediaType: '',
    os: '',
    architecture: '',
    size: 0,
    config: {},
    history: [],
    labels: {},
    layerCount: 0,
  };
}
