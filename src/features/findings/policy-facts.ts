import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Package } from '#engine/model/package.ts';
import { type Fact, malwareFact, type PolicyFacts } from '#engine/policy/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { analysisOfImage, getAnalysisDocument, getAnalysisFiles } from '#features/analyses/index.ts';
import { evaluationsMark, evaluationsOfImage } from '#features/compliance/index.ts';
import type { ImageService } from '#features/images/index.ts';
import type { Database, Db } from '#platform/database/types.ts';
import type { ObjectStore } from '#platform/objects/types.ts';
import { packagesOf } from './finding-store.ts';
import type { FindingService } from './service.ts';
import { createSourceFacts } from './source-facts.ts';
import { vulnerabilityFactsOf } from './vulnerability-facts.ts';

export interface PolicyFactsDependencies {
  database: Database;
  objects: ObjectStore;
  images: Pick<ImageService, 'getAnalyzed' | 'ancestors'>;
  findings: Pick<FindingService, 'findings' | 'ofSource'>;
  currentIndex(): VulnerabilityIndex | undefined;
  /** Leave out vulnerabilities that an annotation or a VEX statement calls `not_affected` or `fixed`. Default true. */
  vexInPolicy?: boolean;
  /** Changes with what is judged about findings of the image. */
  annotationDigest?(db: Db, account: string, digest: string): Promise<string>;
  /** Changes with the account's own advisories. */
  advisoryDigest?(db: Db, account: string): Promise<string>;
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
  const { objects, images, findings, vexInPolicy = true } = deps;

  /** Changes whenever the analysis, the dockerfile, an open match, a STIG evaluation or the vulnerability data changes. */
  async function inputDigest(db: Db, account: string, digest: string): Promise<string> {
    const { rows } = await sql<{
      key: string;
      files: string | null;
      dockerfile: string | null;
      matches: string | null;
      stig: string | null;
    }>`
      select a.document_key as key, a.files_key as files, md5(i.dockerfile) as dockerfile,
             (select md5(string_agg(m.id::text, ',' order by m.id)) from image_package ap
              join package_match m on m.package_id = ap.package_id and m.closed_at is null
              where ap.account = i.account and ap.digest = i.digest) as matches,
             ${evaluationsMark(account, digest)} as stig
      from image i join analysis a on a.id = i.analysis_id
      where i.account = ${account} and i.digest = ${digest}`.execute(db);
    const advisories = (await deps.advisoryDigest?.(db, account)) || undefined;
    const annotations = vexInPolicy ? await deps.annotationDigest?.(db, account, digest) : undefined;
    return createHash('sha256')
      .update(
        JSON.stringify([rows[0] ?? null, deps.currentIndex()?.checksum ?? null, vexInPolicy, annotations, advisories]),
      )
      .digest('hex');
  }

  async function vulnerabilityFacts(account: string, digest: string, packages: Map<string, Package>) {
    const { findings: all, analyzedAt } = await findings.findings(account, digest);
    const rows = vexInPolicy ? all.filter(({ annotation }) => !settles(annotation?.status)) : all;
    return vulnerabilityFactsOf(deps.database.db, rows, packages, analyzedAt);
  }

  return {
    inputDigest,

    /** The same for sources. */
    sources: createSourceFacts({ ...deps, db: deps.database.db }),

    async load(db: Db, account: string, digest: string): Promise<ImageFacts | undefined> {
      const row = await images.getAnalyzed(account, digest);
      const stored = await analysisOfImage(db, row);
      if (!stored) return undefined;
      const before = await inputDigest(db, account, row.digest);
      const analysis = await getAnalysisDocument(objects, stored);
      const files = await getAnalysisFiles(objects, stored);
      const index = deps.currentIndex();
      const packages = new Map(analysis.packages.map((pkg) => [pkg.id, pkg]));
      const covered = await packagesOf(db, account, stored.id);
      const ancestors = await images.ancestors(account, row.digest);
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
        stigEvaluations: { state: 'present', value: await evaluationsOfImage(db, account, row.digest) },
        malware: malwareFact(analysis.malware),
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

/** Statuses that leave a policy nothing to judge. */
function settles(status: string | undefined): boolean {
  return status === 'not_affected' || status === 'fixed';
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
