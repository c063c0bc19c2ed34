import { settle, type Verdict } from './explain-verdict.ts';
import { searchNames } from './identity.ts';
import type {
  Explanation,
  Match,
  MatchablePackage,
  MatchSettings,
  SuppressedMatch,
  VulnerabilityDetail,
  VulnerabilityIndex,
} from './types.ts';

/** A package of a source with what is said of it after all rules. */
export interface ExplainablePackage {
  /** Unique in the source. */
  id: string;
  package: MatchablePackage;
  /** Findings that are reported for it, and those that a rule took away; others than the question's may be among them. */
  reported: readonly Match[];
  suppressed: readonly SuppressedMatch[];
}

/** A question about a source: a vulnerability (id or alias), a package by name, or both. */
export interface ExplainQuestion {
  vulnerability?: string;
  package?: string;
}

/** One package of an answer. */
export interface ExplainedPackage<P extends ExplainablePackage = ExplainablePackage> {
  of: P;
  /** Absent without vulnerability, or without data. */
  trail?: Explanation;
  verdict: Verdict;
  /** One sentence. */
  summary: string;
}

/** The answer: a verdict, the records that exist, and the packages that were considered. */
export interface SourceExplanation<P extends ExplainablePackage = ExplainablePackage> {
  verdict: Verdict;
  summary: string;
  /** Records with the id or alias asked for, in any namespace; at most {@link MAX_RECORDS}. */
  records: (VulnerabilityDetail & { packages: string[] })[];
  /** At most {@link MAX_EXPLAINED}: reported ones first, then those that came closest. */
  packages: ExplainedPackage<P>[];
  /** Packages that were considered, shown or not. */
  considered: number;
  /** More records or packages exist than are shown. */
  truncated: boolean;
}

/** Records of an answer. */
export const MAX_RECORDS = 100;
/** Packages of an answer. */
export const MAX_EXPLAINED = 50;
/** Packages that are held against the records for one answer. */
const MAX_CONSIDERED = 5_000;
const MAX_NAMES = 20;

/**
 * Tells why a source has, or has not, a vulnerability. Only packages that a record could name are held against it, so
 * that the answer for a large source takes milliseconds.
 */
export function explainSource<P extends ExplainablePackage>(
  source: { packages: readonly P[]; index: VulnerabilityIndex | undefined; settings: MatchSettings },
  question: ExplainQuestion,
): SourceExplanation<P> {
  const { index, settings } = source;
  const { vulnerability } = question;
  const records = vulnerability === undefined ? [] : (index?.find(vulnerability) ?? []);
  const packages = vulnerability === undefined ? source.packages : concerned(source.packages, vulnerability, records);
  const named = question.package === undefined ? packages : byName(packages, question.package);
  const wanted =
    vulnerability === undefined || question.package !== undefined
      ? named
      : candidates(named, index, vulnerability, records);
  const considered = wanted.slice(0, MAX_CONSIDERED);
  const explained = considered.map((of): ExplainedPackage<P> => {
    const trail = vulnerability === undefined ? undefined : index?.explain(of.package, settings, vulnerability);
    return { of, ...(trail ? { trail } : {}), ...settle.package(of, trail, settings, question) };
  });
  const told = explained
    .filter(({ of, trail }) => question.package !== undefined || (trail?.steps.length ?? 0) > 0 || hasFinding(of))
    .sort((a, b) => settle.rank(a.verdict) - settle.rank(b.verdict));
  return {
    ...settle.source(question, {
      index: index !== undefined,
      records,
      named: named.length,
      explained,
      told,
    }),
    records: records.slice(0, MAX_RECORDS).map((record) => ({ ...record, packages: namesIn(index, record) })),
    packages: told.slice(0, MAX_EXPLAINED),
    considered: considered.length,
    truncated: records.length > MAX_RECORDS || told.length > MAX_EXPLAINED || wanted.length > considered.length,
  };
}

/** The packages with only those findings that are about the vulnerability, under any of its names. */
function concerned<P extends ExplainablePackage>(
  packages: readonly P[],
  id: string,
  records: readonly VulnerabilityDetail[],
): P[] {
  const ids = new Set([id.toLowerCase()]);
  for (const record of records) for (const name of [record.id, ...record.aliases]) ids.add(name.toLowerCase());
  const about = ({ vulnerability, aliases }: Match) =>
    [vulnerability, ...aliases].some((name) => ids.has(name.toLowerCase()));
  return packages.map((one) =>
    hasFinding(one) ? { ...one, reported: one.reported.filter(about), suppressed: one.suppressed.filter(about) } : one,
  );
}

function hasFinding({ reported, suppressed }: ExplainablePackage): boolean {
  return reported.length > 0 || suppressed.length > 0;
}

/** Packages of a name, by their own name, that of their source, or as `group:artifact`; in any case. */
function byName<P extends ExplainablePackage>(packages: readonly P[], text: string): P[] {
  const wanted = text.trim().toLowerCase();
  const own = packages.filter((one) => one.package.name.toLowerCase() === wanted);
  if (own.length > 0) return own;
  return packages.filter(
    (one) =>
      one.package.upstreams.some(({ name }) => name.toLowerCase() === wanted) ||
      searchNames(one.package).some((name) => name.slice(name.indexOf('/') + 1) === wanted),
  );
}

/** Packages that a record may name: by name, or by CPE when a record has no names. */
function candidates<P extends ExplainablePackage>(
  packages: readonly P[],
  index: VulnerabilityIndex | undefined,
  id: string,
  records: readonly VulnerabilityDetail[],
): P[] {
  const names = new Set<string>();
  for (const { packages: named } of index?.affectedPackages(id) ?? [])
    for (const { name } of named) names.add(name.toLowerCase());
  const byCpe = records.some(({ namespace }) => namespace.endsWith(':cpe'));
  return packages.filter(
    (one) =>
      hasFinding(one) ||
      names.has(one.package.name.toLowerCase()) ||
      searchNames(one.package).some((name) => names.has(name.slice(name.indexOf('/') + 1))) ||
      (byCpe && one.package.cpes.length > 0),
  );
}

function namesIn(index: VulnerabilityIndex | undefined, { id, namespace }: VulnerabilityDetail): string[] {
  const named =
    index?.affectedPackages(id, namespace).flatMap(({ packages }) => packages.map(({ name }) => name)) ?? [];
  return [...new Set(named)].sort().slice(0, MAX_NAMES);
}
