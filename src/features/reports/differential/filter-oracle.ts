import type { Fleet, ImageFact, TagFact } from './facts.ts';
import { apiType, type Finding } from './finding-oracle.ts';
import { fitsFlag, fitsRange, fitsText, fitsTime, type Range } from './text-match.ts';

type Name = { name?: string | null } | null;

/** Filters as they are sent. */
export interface SentFilter {
  vulnerability?: {
    id?: string;
    severity?: string;
    severities?: string[];
    after?: string;
    before?: string;
    detectedInLast?: number;
    isKev?: boolean;
    epssScore?: Range;
    epssPercentile?: Range;
    willNotFix?: boolean;
    fixAvailable?: boolean;
    inheritedFromBase?: boolean;
    annotationStatus?: string[];
    missingAnnotation?: boolean;
    currentOnly?: boolean;
  } | null;
  artifact?: { name?: string; version?: string; type?: string } | null;
  registry?: Name;
  repository?: Name;
  tag?: { name?: string; currentOnly?: boolean; after?: string; before?: string } | null;
  image?: { digest?: string } | null;
  account?: Name;
  // biome-ignore lint/suspicious/noExplicitAny: members of single reports are read where they belong
  [member: string]: any;
}

export interface Asked {
  fleet: Fleet;
  findings: readonly Finding[];
  /** Undefined: all accounts. */
  account: string | undefined;
  filter: SentFilter;
  now: string;
  runningSince: string;
}

export function inScope(asked: Asked, account: string): boolean {
  return asked.account === undefined ? fitsText(account, asked.filter.account?.name) : account === asked.account;
}

/** Official images of Docker Hub are known with and without `library/`. */
function fitsRepository(tag: TagFact, wanted: string | null | undefined): boolean {
  const official = tag.registry === 'docker.io' && !tag.repository.includes('/');
  return fitsText(tag.repository, wanted) || (official && fitsText(`library/${tag.repository}`, wanted));
}

/** Is the mapping asked for? */
export function fitsTag(asked: Asked, tag: TagFact): boolean {
  const { registry, repository, tag: wanted } = asked.filter;
  return (
    (wanted?.currentOnly === false || tag.closed_at === null) &&
    fitsText(tag.registry, registry?.name) &&
    fitsRepository(tag, repository?.name) &&
    fitsText(tag.tag, wanted?.name) &&
    fitsTime(tag.detected_at, { after: wanted?.after, before: wanted?.before }, asked.now)
  );
}

export function tagsOf(asked: Asked, image: { account: string; digest: string }): TagFact[] {
  return asked.fleet.tags.filter((tag) => tag.account === image.account && tag.digest === image.digest);
}

/** Is the image asked for? Without any tag it is when no tags are named. */
export function fitsImage(asked: Asked, image: ImageFact): boolean {
  const { registry, repository, tag, image: wanted } = asked.filter;
  if (!inScope(asked, image.account) || !fitsText(image.digest, wanted?.digest)) return false;
  const tags = tagsOf(asked, image);
  const namesTags = [registry?.name, repository?.name, tag?.name, tag?.after, tag?.before].some(
    (one) => typeof one === 'string',
  );
  return tags.some((one) => fitsTag(asked, one)) || (!namesTags && tags.length === 0);
}

/** Is the match asked for, whatever its image? */
export function fitsMatch(asked: Asked, finding: Finding): boolean {
  const { artifact } = asked.filter;
  const wanted = asked.filter.vulnerability ?? {};
  const { match, record, pkg, epss, status } = finding;
  return (
    (wanted.currentOnly === false || match.closed_at === null) &&
    fitsText(record.id, wanted.id) &&
    (!wanted.severity || record.severity === wanted.severity) &&
    (!wanted.severities?.length || wanted.severities.includes(record.severity)) &&
    fitsTime(
      finding.detectedAt,
      { after: wanted.after, before: wanted.before, days: wanted.detectedInLast },
      asked.now,
    ) &&
    fitsFlag(record.detail.kev !== undefined, wanted.isKev) &&
    fitsRange(epss?.score, wanted.epssScore) &&
    fitsRange(epss?.percentile, wanted.epssPercentile) &&
    fitsFlag(match.fix_state === 'wont-fix', wanted.willNotFix) &&
    fitsFlag(match.fix_state === 'fixed', wanted.fixAvailable) &&
    fitsFlag(finding.inherited, wanted.inheritedFromBase) &&
    (!wanted.annotationStatus?.length || (status !== undefined && wanted.annotationStatus.includes(status))) &&
    fitsFlag(status === undefined, wanted.missingAnnotation) &&
    fitsText(pkg.name, artifact?.name) &&
    fitsText(pkg.version, artifact?.version) &&
    (fitsText(pkg.type, artifact?.type) || fitsText(apiType(pkg.type), artifact?.type))
  );
}

/** The findings that are asked for. */
export function selectedFindings(asked: Asked): Finding[] {
  const images = new Map<ImageFact, boolean>();
  return asked.findings.filter((finding) => {
    if (!images.has(finding.image)) images.set(finding.image, fitsImage(asked, finding.image));
    return images.get(finding.image) && fitsMatch(asked, finding);
  });
}
