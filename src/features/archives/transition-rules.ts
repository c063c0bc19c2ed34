/** Patterns of a tag; `*` stands for any run of characters. */
export interface Selector {
  registry: string;
  repository: string;
  tag: string;
}

/** A rule that moves analyses, as it is applied. Negative numbers are conditions that are not looked at. */
export interface TransitionRule {
  ruleId: string;
  selector: Selector;
  /** Matches when the analysis (for `delete`: the archive record) is older than so many days. */
  ageDays: number;
  /** Matches when so many digests of the tag, of any age, are newer. */
  newerVersions: number;
  exclude?: {
    selector: Selector;
    /** The exclusion ends when the analysis is so old; negative = it never ends. */
    expirationDays: number;
    /** Images seen running within so many days are excluded, whatever their tags. */
    lastSeenInDays?: number;
  };
  /** Images beyond so many go, oldest first; the other conditions are then not looked at. */
  maxImages?: number;
}

/** An image that rules look at. */
export interface Candidate {
  digest: string;
  /** Since when it is in the set that the rules of this transition work on. */
  since: Date;
  tags: { registry: string; repository: string; tag: string; detectedAt: Date }[];
  /** When it was last seen running, if it ever was. */
  lastSeen?: Date | undefined;
}

const DAY = 86_400_000;

/**
 * The images that the rules of one scope (the global ones, or those of an account) move, oldest first. An image goes only
 * when each of its tags is matched by a rule of the scope; scopes are never combined.
 */
export function selectTransitions(rules: readonly TransitionRule[], images: readonly Candidate[], now: Date): string[] {
  const oldest = [...images].sort((a, b) => a.since.getTime() - b.since.getTime() || (a.digest < b.digest ? -1 : 1));
  const chosen = new Set<string>();
  const rank = rankVersions(images);
  const matchers = rules.filter((rule) => rule.maxImages === undefined).map((rule) => compileRule(rule, rank, now));
  for (const image of oldest) {
    if (image.tags.length > 0 && image.tags.every((tag) => matchers.some((matches) => matches(image, tag)))) {
      chosen.add(image.digest);
    }
  }
  for (const { maxImages } of rules) {
    if (maxImages === undefined) continue;
    const remaining = oldest.filter((image) => !chosen.has(image.digest));
    for (const image of remaining.slice(0, Math.max(0, remaining.length - maxImages))) chosen.add(image.digest);
  }
  return oldest.filter((image) => chosen.has(image.digest)).map((image) => image.digest);
}

type Tag = Candidate['tags'][number];
type Matches = (image: Candidate, tag: Tag) => boolean;

/** How many digests of the same tag are newer than this one. */
type Rank = (image: Candidate, tag: Tag) => number;

function compileRule(rule: TransitionRule, rank: Rank, now: Date): Matches {
  const selected = compileSelector(rule.selector);
  const excluded = rule.exclude ? compileExclusion(rule.exclude, now) : () => false;
  return (image, tag) =>
    selected(tag) &&
    (rule.ageDays < 0 || now.getTime() - image.since.getTime() > rule.ageDays * DAY) &&
    (rule.newerVersions < 0 || rank(image, tag) >= rule.newerVersions) &&
    !excluded(image, tag);
}

function compileExclusion(exclude: NonNullable<TransitionRule['exclude']>, now: Date): Matches {
  const selected = compileSelector(exclude.selector);
  return (image, tag) => {
    const { lastSeenInDays, expirationDays } = exclude;
    if (
      lastSeenInDays !== undefined &&
      image.lastSeen &&
      now.getTime() - image.lastSeen.getTime() <= lastSeenInDays * DAY
    ) {
      return true;
    }
    return selected(tag) && (expirationDays < 0 || now.getTime() - image.since.getTime() <= expirationDays * DAY);
  };
}

const nameOf = (tag: Tag) => JSON.stringify([tag.registry, tag.repository, tag.tag]);

function rankVersions(images: readonly Candidate[]): Rank {
  const versions = new Map<string, { digest: string; at: number }[]>();
  for (const image of images) {
    for (const tag of image.tags) {
      const name = nameOf(tag);
      const list = versions.get(name) ?? [];
      list.push({ digest: image.digest, at: tag.detectedAt.getTime() });
      versions.set(name, list);
    }
  }
  const ranks = new Map<string, Map<string, number>>();
  for (const [name, list] of versions) {
    list.sort((a, b) => b.at - a.at || (a.digest < b.digest ? -1 : 1));
    ranks.set(name, new Map(list.map(({ digest }, index) => [digest, index])));
  }
  return (image, tag) => ranks.get(nameOf(tag))?.get(image.digest) ?? 0;
}

function compileSelector(selector: Selector): (tag: Selector) => boolean {
  const [registry, repository, tag] = [selector.registry, selector.repository, selector.tag].map(compilePattern);
  return (value) => registry!(value.registry) && repository!(value.repository) && tag!(value.tag);
}

/** `*` is any run of characters, everything else itself. Linear in pattern and text. */
function compilePattern(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
