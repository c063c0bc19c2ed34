import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Analysis } from '#engine/model/analysis.ts';
import type { PolicyFacts } from '#engine/policy/index.ts';
import type { VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import type { Db } from '#platform/database/types.ts';
import type { FindingService } from './service.ts';
import { vulnerabilityFactsOf } from './vulnerability-facts.ts';

/** A source whose analysis is there. */
export interface AnalysedSource {
  uuid: string;
  analysis_id: number;
  analyzed_at: Date | null;
}

export interface SourceFactsDependencies {
  db: Db;
  findings: Pick<FindingService, 'ofSource'>;
  currentIndex(): VulnerabilityIndex | undefined;
  advisoryDigest?(db: Db, account: string): Promise<string>;
}

/** Gathers what policy gates read about a source of an account. */
export function createSourceFacts(deps: SourceFactsDependencies) {
  const { db } = deps;
  return {
    /** Changes whenever the SBOM, an open match, an advisory of the account or the vulnerability data changes. */
    async inputDigest(account: string, source: AnalysedSource): Promise<string> {
      const { rows } = await sql<{ key: string; matches: string | null }>`
        select a.document_key as key,
               (select md5(string_agg(m.id::text, ',' order by m.id)) from source_package sp
                join package_match m on m.package_id = sp.package_id and m.closed_at is null
                where sp.account = ${account} and sp.source = ${source.uuid}) as matches
        from analysis a where a.id = ${source.analysis_id} and a.account = ${account}`.execute(db);
      const advisories = (await deps.advisoryDigest?.(db, account)) ?? null;
      const inputs = [rows[0] ?? null, source.analyzed_at, deps.currentIndex()?.checksum ?? null, advisories];
      return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
    },

    /** Facts of packages and their vulnerabilities; a source has nothing else. */
    async load(account: string, source: AnalysedSource, analysis: Analysis): Promise<PolicyFacts> {
      const index = deps.currentIndex();
      const found = await deps.findings.ofSource(account, source.analysis_id, source.analyzed_at);
      const packages = new Map(analysis.packages.map((pkg) => [pkg.id, pkg]));
      const since = source.analyzed_at ?? undefined;
      const none = { state: 'not-collected' } as const;
      return {
        image: emptyImage(),
        ...(analysis.distro ? { distro: analysis.distro } : {}),
        packages: { state: 'present', value: analysis.packages },
        ...{ files: none, secrets: none, contentSearch: none, retrievedFiles: none, dockerfile: none },
        ...{ malware: none, ancestors: none },
        vulnerabilities: index
          ? { state: 'present', value: await vulnerabilityFactsOf(db, found.findings, packages, since) }
          : none,
        feed: {
          ...(index ? { builtAt: index.builtAt } : {}),
          coversDistro: index !== undefined && !found.packages.some((pkg) => pkg.coverage === 'no-data-for-distro'),
        },
      };
    },
  };
}

/** A source has no image configuration; gates that read one do not run for it. */
function emptyImage(): PolicyFacts['image'] {
  return {
    manifestDigest: '' as `sha256:${string}`,
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
