import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { ReportContext } from '../execution/context.ts';
import {
  type ArtifactPosition,
  type ArtifactRow,
  artifactsBelow,
  findingsOfArtifacts,
  imagesOfArtifacts,
} from '../queries/artifact-store.ts';
import type { FindingPage, FindingRow } from '../queries/finding-rows-store.ts';
import { needsPlaces } from './below-vulnerabilities.ts';
import { inheritance, judgement, RECORD_FIELDS } from './findings.ts';
import { asksForWhole, type InnerArguments, innerName } from './lists.ts';
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

function artifactPage(parent: VulnerabilityParent, args: InnerArguments, context: ReportContext, places: boolean) {
  return context.batches.load(`${innerName('artifacts', args)} ${places}`, parent, (parents) =>
    innerPages(
      parents,
      'artifacts',
      args,
      context,
      (page, keys, { after, limit }) =>
        artifactsBelow(page, keys, { after: after as ArtifactPosition | undefined, limit, places }),
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
    artifactPath: (row.path ?? null) === null && packagePath(row, '') === '' ? null : packagePath(row, row.path ?? ''),
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

const keyOf = ({ row, parent }: ArtifactParent) => ({
  ...parent.key,
  name: row.name,
  version: row.version,
  type: row.type,
  namespace: row.namespace,
});

function findingsOfArtifact(artifact: ArtifactParent, context: ReportContext): Promise<FindingRow[] | undefined> {
  return context.batches.load('artifact findings', artifact, (artifacts) =>
    byPage(artifacts, async (page, of) => grouped(of, await findingsOfArtifacts(page, of.map(keyOf)))),
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
    artifacts: (parent: VulnerabilityParent, args: InnerArguments, context, info) => {
      const views = (rows: readonly ArtifactRow[]) => rows.map((row) => artifactView(row, parent));
      if (!parent.whole.artifacts || !asksForWhole(args))
        return artifactPage(parent, args, context, needsPlaces(info)).then((found) => views(found?.rows ?? []));
      context.spend(parent.whole.artifacts.length);
      return views(parent.whole.artifacts);
    },
    artifactsNextToken: async (parent: VulnerabilityParent, args: InnerArguments, context) =>
      (await artifactPage(parent, args, context, false))?.nextToken ?? null,
  },
  AffectedArtifact: {
    ...RECORD_FIELDS,
    images: async (artifact: ArtifactParent, _args, context) => {
      const images = await context.batches.load('artifact images', artifact, (artifacts) =>
        byPage(artifacts, async (page, of) => {
          const lists = await imagesOfArtifacts(page, of.map(keyOf));
          return new Map(of.map((one, at) => [one, lists[at]!]));
        }),
      );
      context.spend(images?.length ?? 0);
      return (images ?? []).map(
        (image): ImageParent => ({
          digest: image.digest,
          imageId: image.image_id,
          vulnerability: artifact.parent.key.id,
          account: image.account,
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
