import type {
  AnalysisFact,
  ContainedFact,
  Fleet,
  ImageFact,
  MatchFact,
  PackageFact,
  Status,
  VulnerabilityFact,
} from './facts.ts';

/** A match of a package of an image, with everything that reports tell of it. */
export interface Finding {
  image: ImageFact;
  place: ContainedFact;
  /** As it was found in the image. */
  pkg: PackageFact;
  match: MatchFact;
  record: VulnerabilityFact;
  detectedAt: string;
  inherited: boolean;
  epss: { score: number; percentile: number } | undefined;
  status: Status | undefined;
}

type Bare = Omit<Finding, 'inherited' | 'status'>;

const OS = new Set(['deb', 'rpm', 'apk', 'alpm', 'portage', 'nix']);
const SPELLINGS: Record<string, string> = {
  deb: 'dpkg',
  apk: 'APKG',
  'java-archive': 'java',
  'go-module': 'go',
  dotnet: 'nuget',
};

export const apiType = (type: string): string => SPELLINGS[type] ?? type;
export const isOs = (type: string): boolean => OS.has(type);

/** The package that stands for one of an image where the account corrects it. */
function correctedPackage(fleet: Fleet, image: ImageFact, place: ContainedFact): PackageFact {
  const override = fleet.overrides.find(
    (one) =>
      one.account === image.account && one.analysis_id === place.analysis_id && one.document_id === place.document_id,
  );
  return fleet.packages.find(({ id }) => id === (override ?? place).package_id)!;
}

/** Does the distribution whose package owns the package answer for the match? */
function isAnswered(fleet: Fleet, image: ImageFact, place: ContainedFact, pkg: PackageFact, match: MatchFact): boolean {
  const owner = fleet.contained.find(
    (one) => one.analysis_id === place.analysis_id && one.document_id === place.owned_by,
  );
  if (!owner || isOs(pkg.type)) return false;
  const owning = correctedPackage(fleet, image, owner);
  const ruledOut = new Set(owning.matchable.ruledOut);
  return isOs(owning.type) && [match.vulnerability, ...match.evidence.aliases].some((id) => ruledOut.has(id));
}

function findingsOf(fleet: Fleet, image: ImageFact): Bare[] {
  return fleet.contained
    .filter((place) => place.analysis_id === image.analysis_id && !place.left_to_owner)
    .flatMap((place) => {
      const pkg = fleet.packages.find(({ id }) => id === place.package_id)!;
      const matchedAs = correctedPackage(fleet, image, place);
      return fleet.matches
        .filter((match) => match.package_id === matchedAs.id && !isAnswered(fleet, image, place, pkg, match))
        .map((match): Bare => {
          const record = fleet.vulnerabilities.find(
            ({ id, namespace }) => id === match.vulnerability && namespace === match.namespace,
          )!;
          const seen = [match.first_seen_at, ...(image.analyzed_at ? [image.analyzed_at] : [])].sort();
          return {
            ...{ image, place, pkg, match, record, detectedAt: seen.at(-1)! },
            epss: fleet.presentEpss.get(`${record.id}\n${record.namespace}`) ?? record.detail.epss,
          };
        });
    });
}

const layersOf = (fleet: Fleet, image: ImageFact): string[] =>
  fleet.analyses.find((analysis: AnalysisFact) => analysis.id === image.analysis_id)?.layer_digests ?? [];

/** The image that an image is built on: what a user marked goes first, then the one with the most layers, then the oldest. */
function baseOf(fleet: Fleet, image: ImageFact): ImageFact | undefined {
  const own = layersOf(fleet, image);
  const candidates = fleet.images.filter((base) => {
    const layers = layersOf(fleet, base);
    return (
      base.account === image.account &&
      base.image_status === 'active' &&
      base.digest !== image.digest &&
      layers.length > 0 &&
      layers.length < own.length &&
      layers.every((layer, at) => layer === own[at])
    );
  });
  const rank = (base: ImageFact) => [
    base.annotations['anchore.user/marked_base_image'] === 'true' ? 0 : 1,
    -layersOf(fleet, base).length,
    Date.parse(base.created_at),
  ];
  return candidates.sort((a, b) => compareLists(rank(a), rank(b)))[0];
}

/** By the first members that differ. */
export function compareLists(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [at, value] of a.entries()) if (value !== b[at]) return value < b[at]! ? -1 : 1;
  return 0;
}

const sameFlaw = (finding: Bare) =>
  [finding.match.vulnerability, finding.match.namespace, finding.pkg.type, finding.pkg.name, finding.pkg.version].join(
    '\n',
  );

/** What people say goes before what documents say; what names the package goes before what does not. */
function statusOf(fleet: Fleet, { image, pkg, match, record }: Bare): Status | undefined {
  const names = new Set(
    [match.vulnerability, ...match.evidence.aliases, record.id, ...record.detail.aliases].map((id) => id.toUpperCase()),
  );
  const annotation = fleet.annotations
    .filter(
      (one) =>
        one.account === image.account && one.digest === image.digest && names.has(one.vulnerability_id.toUpperCase()),
    )
    .filter(
      (one) =>
        one.package_name === null ||
        (one.package_name === pkg.name && one.package_version === pkg.version && one.package_type === pkg.type),
    )
    .sort((a, b) =>
      compareLists(
        [-(a.package_name ? 2 : 0) - (a.vulnerability_id === match.vulnerability ? 1 : 0), a.created_at, a.uuid],
        [-(b.package_name ? 2 : 0) - (b.vulnerability_id === match.vulnerability ? 1 : 0), b.created_at, b.uuid],
      ),
    )[0];
  if (annotation) return annotation.status;
  const known = [image.digest, image.parent_digest, image.image_id && `sha256:${image.image_id}`];
  const tags = fleet.tags
    .filter((tag) => tag.account === image.account && tag.digest === image.digest)
    .map((tag) => `${tag.registry}/${tag.repository.replace(/^library\//, '')}:${tag.tag}`);
  const importedAt = new Map(fleet.documents.map(({ uuid, created_at }) => [uuid, created_at]));
  return fleet.statements
    .filter((one) => one.account === image.account && one.ids.some((id) => names.has(id.toUpperCase())))
    .filter(({ image: named, purls }) => {
      const isPackage = pkg.purl !== null && purls.includes(pkg.purl);
      if (named === null) return isPackage;
      return (
        (known.includes(named) || tags.includes(named.replace('/library/', '/'))) && (purls.length === 0 || isPackage)
      );
    })
    .sort((a, b) =>
      compareLists(
        [a.stated_at ?? '', importedAt.get(a.document_uuid)!, a.id],
        [b.stated_at ?? '', importedAt.get(b.document_uuid)!, b.id],
      ),
    )
    .at(-1)?.status;
}

/** All matches of all images that count, open and closed ones. */
export function allFindings(fleet: Fleet): Finding[] {
  const byImage = new Map(
    fleet.images
      .filter(({ image_status }) => image_status === 'active')
      .map((image) => [image, findingsOf(fleet, image)]),
  );
  return [...byImage].flatMap(([image, findings]) => {
    const base = baseOf(fleet, image);
    const inBase = new Set(
      (base ? byImage.get(base)! : []).filter(({ match }) => match.closed_at === null).map(sameFlaw),
    );
    return findings.map((finding) => ({
      ...finding,
      inherited: inBase.has(sameFlaw(finding)),
      status: statusOf(fleet, finding),
    }));
  });
}
