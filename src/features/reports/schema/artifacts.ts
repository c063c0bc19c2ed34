import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { ReportContext } from '../execution/context.ts';
import {
  type ArtifactPosition,
  type ArtifactRow,
  artifactsBelow,
  findingsOfArtifacts,
} from '../queries/artifact-store.ts';
import type { FindingPage, FindingRow } from '../queries/finding-rows-store.ts';
import { inheritance, judgement, RECORD_FIELDS } from './findings.ts';
import { type InnerArguments, innerName } from './lists.ts';
import type { Resolver, Resolvers } from './resolvers.ts';
import {
  byPage,
  count,
  grouped,
  type ImageParent,
  innerPages,
  links,
  type VulnerabilityParent,
  vulnerabilityList,
} from './vulnerabilities.ts';

function artifactPage(parent: VulnerabilityParent, args: InnerArguments, context: ReportContext) {
  return context.batches.load(innerName('artifacts', args), parent, (parents) =>
    innerPages(
      parents,
      'artifacts',
      args,
      context,
      (page, keys, { after, limit }) =>
        artifactsBelow(page, keys, { after: after as ArtifactPosition | undefined, limit }),
      (row) => [row.name, row.version, row.type, row.namespace],
    ),
  );
}

/** A package version with the images that hold it. */
interface ArtifactParent {
  row: ArtifactRow;
  parent: VulnerabilityParent;
  page: FindingPage;
}

function artifactView(row: ArtifactRow, parent: VulnerabilityParent) {
  return {
    artifactName: row.name,
    artifactVersion: row.version,
    artifactType: apiPackageType(row.type),
    severity: row.severity,
    artifactPath: row.path === null && packagePath(row, '') === '' ? null : packagePath(row, row.path ?? ''),
    purl: row.purl,
    feedNamespace: row.namespace,
    detectedAt: row.detected_at,
    closedAt: row.closed_at,
    fixAvailable: row.fixed,
    fixedIn: row.fix_versions && row.fix_versions.length > 0 ? row.fix_versions.join(', ') : null,
    willNotFix: row.wont_fix,
    imagesCount: row.images,
    vulnerability: parent.key.id,
    ...{ row, parent, page: parent.page },
  };
}

function findingsOfArtifact(artifact: ArtifactParent, context: ReportContext): Promise<FindingRow[] | undefined> {
  return context.batches.load('artifact findings', artifact, (artifacts) =>
    byPage(artifacts, async (page, of) =>
      grouped(
        of,
        await findingsOfArtifacts(
          page,
          of.map(({ row, parent }) => ({
            ...parent.key,
            name: row.name,
            version: row.version,
            type: row.type,
            namespace: row.namespace,
          })),
        ),
      ),
    ),
  );
}

/** The one value that all have. */
function agreed<T>(values: readonly T[]): T | null {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0]! : null;
}

const list: Resolver = vulnerabilityList('artifactsByVulnerability', 'artifacts');

/** Packages by vulnerability. */
export const artifactResolvers: Resolvers = {
  Query: { artifactsByVulnerability: list, artifactsByVulnerabilities: list },
  ArtifactsByVulnerability: {
    links,
    artifactsCount: count('artifacts'),
    artifacts: async (parent: VulnerabilityParent, args: InnerArguments, context) =>
      ((await artifactPage(parent, args, context))?.rows ?? []).map((row) => artifactView(row, parent)),
    artifactsNextToken: async (parent: VulnerabilityParent, args: InnerArguments, context) =>
      (await artifactPage(parent, args, context))?.nextToken ?? null,
  },
  AffectedArtifact: {
    ...RECORD_FIELDS,
    images: async (artifact: ArtifactParent, _args, context) => {
      const rows = (await findingsOfArtifact(artifact, context)) ?? [];
      const distinct = [...new Map(rows.map((row) => [row.digest, row])).values()];
      context.spend(distinct.length);
      return distinct.map(
        (row): ImageParent => ({
          digest: row.digest,
          imageId: row.image_id,
          vulnerability: row.vulnerability,
          account: row.account,
          page: artifact.page,
        }),
      );
    },
    inheritedFromBase: async (artifact: ArtifactParent, _args, context) => {
      const rows = (await findingsOfArtifact(artifact, context)) ?? [];
      return agreed(await Promise.all(rows.map((row) => inheritance(row, context))));
    },
    annotationStatus: async (artifact: ArtifactParent, _args, context) => {
      const rows = (await findingsOfArtifact(artifact, context)) ?? [];
      return agreed(await Promise.all(rows.map((row) => judgement(row, artifact.page, context)))) ?? null;
    },
  },
};
