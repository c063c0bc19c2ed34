import { type RawBuilder, sql } from 'kysely';

/** A question, and the best statement that was written by hand for the same rows and columns. */
export interface Case {
  name: string;
  query: string;
  byHand?: (account: string) => RawBuilder<unknown>;
}

/** Conditions of a filter, as a statement by hand has them. */
interface Hand {
  /** Over `vulnerability v`. */
  v?: RawBuilder<unknown>;
  limit?: number;
}

const TAGGED = sql`exists (select 1 from tag_mapping t where t.account = i.account and t.digest = i.digest and t.closed_at is null)`;

/** Vulnerabilities of an account by id, the last first: each is looked up until an image with it is found. */
function keys(account: string, { v = sql`true`, limit = 1000 }: Hand): RawBuilder<unknown> {
  return sql`
    k as materialized (
      select v.id collate "C" as id from vulnerability v
      where ${v} and exists (
        select 1 from package_match m join analysis_package ap on ap.package_id = m.package_id
        join image i on i.analysis_id = ap.analysis_id
        where m.vulnerability = v.id and m.closed_at is null and i.account = ${account} and i.image_status = 'active' and ${TAGGED}
        offset 0)
      group by 1 order by 1 desc limit ${limit})`;
}

const FOUND = (account: string) => sql`
  from k
  join package_match m on m.vulnerability = k.id and m.closed_at is null
  join analysis_package ap on ap.package_id = m.package_id
  join image i on i.analysis_id = ap.analysis_id and i.account = ${account} and i.image_status = 'active'`;

const images = (hand: Hand) => (account: string) =>
  sql`
  with ${keys(account, hand)}
  select k.id, count(distinct i.digest) as n, string_agg(distinct i.digest, ',') as digests ${FOUND(account)}
  where ${TAGGED} group by k.id order by k.id desc`;

const ARTIFACTS = (account: string) => sql`
  with ${keys(account, {})}
  select k.id, p.name, p.version from k
  join package_match m on m.vulnerability = k.id and m.closed_at is null
  join package p on p.id = m.package_id
  where exists (
    select 1 from analysis_package ap join image i on i.analysis_id = ap.analysis_id
    where ap.package_id = m.package_id and i.account = ${account} and i.image_status = 'active' and ${TAGGED} offset 0)
  group by 1, 2, 3 order by 1 desc`;

const TAGS = (account: string) => sql`
  with ${keys(account, {})}
  select distinct k.id, t.registry, t.repository, t.tag, t.digest ${FOUND(account)}
  join tag_mapping t on t.account = i.account and t.digest = i.digest and t.closed_at is null
  order by k.id desc, t.registry, t.repository, t.tag`;

const MATCHES = (account: string) => sql`
  select m.vulnerability, i.digest, p.name, p.version, v.severity, m.fix_versions
  from vulnerability v
  join package_match m on m.vulnerability = v.id and m.namespace = v.namespace and m.closed_at is null
  join package p on p.id = m.package_id
  join analysis_package ap on ap.package_id = m.package_id
  join image i on i.analysis_id = ap.analysis_id and i.account = ${account} and i.image_status = 'active'
  where ${TAGGED} order by v.id collate "C" desc, i.digest collate "C", ap.document_id collate "C" limit 1000`;

const VERDICTS = (account: string) => sql`
  select t.registry, t.repository, t.tag, e.status from (
    select distinct registry collate "C" as registry, repository collate "C" as repository from tag_mapping
    where account = ${account} and closed_at is null order by 1, 2 limit 1000) r
  join tag_mapping t on t.account = ${account} and t.registry = r.registry and t.repository = r.repository and t.closed_at is null
  cross join lateral (
    select status from evaluation e where e.account = t.account and e.digest = t.digest
      and e.tag = t.registry || '/' || t.repository || ':' || t.tag and e.policy_id = 'p'
    order by evaluated_at desc limit 1) e`;

const COUNTS = (account: string) => sql`
  with ${keys(account, { v: sql`v.severity = 'High'` })}
  select k.id, count(distinct i.digest) ${FOUND(account)} where ${TAGGED} group by k.id order by k.id desc`;

/** Images of what is found by a condition on packages, matches or images. */
const found = (where: RawBuilder<unknown>) => (account: string) =>
  sql`
  select m.vulnerability, count(distinct i.digest) as n, string_agg(distinct i.digest, ',') as digests
  from package_match m
  join analysis_package ap on ap.package_id = m.package_id
  join package p on p.id = ap.package_id
  join image i on i.analysis_id = ap.analysis_id and i.account = ${account} and i.image_status = 'active'
  where m.closed_at is null and ${where} and ${TAGGED} group by 1 order by 1 desc limit 1000`;

const inner = (filter: string) => (filter ? `(filter: {${filter}})` : '');
const imagesOf = (filter: string) =>
  `{ imagesByVulnerability${inner(filter)} { results { vulnerabilityId imagesCount images { digest } } } }`;

export const CASES: Case[] = [
  {
    name: 'images, count, High',
    byHand: COUNTS,
    query: `{ imagesByVulnerability(filter: {vulnerability: {severity: High}}) { results { vulnerabilityId imagesCount } } }`,
  },
  {
    name: 'images, High',
    query: imagesOf('vulnerability: {severity: High}'),
    byHand: images({ v: sql`v.severity = 'High'` }),
  },
  { name: 'images', query: imagesOf(''), byHand: images({}) },
  {
    name: 'images, ID_ASC',
    query: `{ imagesByVulnerability(orderBy: ID_ASC) { results { vulnerabilityId imagesCount images { digest } } } }`,
  },
  {
    name: 'images, SEVERITY_DESC',
    query: `{ imagesByVulnerability(orderBy: SEVERITY_DESC) { results { vulnerabilityId imagesCount images { digest } } } }`,
  },
  {
    name: 'images, severities',
    byHand: images({ v: sql`v.severity in ('High', 'Critical')` }),
    query: imagesOf('vulnerability: {severities: [High, Critical]}'),
  },
  {
    name: 'images, kev',
    byHand: images({ v: sql`v.detail ? 'kev'` }),
    query: imagesOf('vulnerability: {isKev: true}'),
  },
  { name: 'images, epss', query: imagesOf('vulnerability: {epssScore: {gte: 0.99}}') },
  {
    name: 'images, artifact',
    byHand: found(sql`p.name = 'package-19003'`),
    query: imagesOf('artifact: {name: "package-19003"}'),
  },
  {
    name: 'images, artifact popular',
    byHand: found(sql`p.name = 'package-3'`),
    query: imagesOf('artifact: {name: "package-3"}'),
  },
  {
    name: 'images, artifact *',
    byHand: found(sql`p.name collate "C" like 'package-1900%'`),
    query: imagesOf('artifact: {name: "package-1900*"}'),
  },
  {
    name: 'images, repository',
    byHand: found(
      sql`exists (select 1 from tag_mapping r where r.account = i.account and r.digest = i.digest and r.closed_at is null and r.repository = 'team/app-77')`,
    ),
    query: imagesOf('repository: {name: "team/app-77"}'),
  },
  { name: 'images, repository *', query: imagesOf('repository: {name: "team/app-7*"}') },
  { name: 'images, tag v1', query: imagesOf('tag: {name: "v1"}') },
  {
    name: 'images, digest',
    byHand: found(sql`i.digest = ${`sha256:${(777).toString(16).padStart(64, '0')}`}`),
    query: imagesOf(`image: {digest: "sha256:${(777).toString(16).padStart(64, '0')}"}`),
  },
  { name: 'images, tags history', query: imagesOf('tag: {currentOnly: false}') },
  { name: 'images, matches history', query: imagesOf('vulnerability: {currentOnly: false}') },
  { name: 'images, detected 1', query: imagesOf('vulnerability: {detectedInLast: 1}') },
  { name: 'images, before', query: imagesOf('vulnerability: {before: "2026-10-01"}') },
  { name: 'images, inherited', query: imagesOf('vulnerability: {inheritedFromBase: true}') },
  { name: 'images, not inherited', query: imagesOf('vulnerability: {inheritedFromBase: false}') },
  { name: 'images, annotated', query: imagesOf('vulnerability: {annotationStatus: [not_affected]}') },
  { name: 'images, not annotated', query: imagesOf('vulnerability: {missingAnnotation: true}') },
  { name: 'images, will not fix', query: imagesOf('vulnerability: {willNotFix: true}') },
  {
    name: 'images, id',
    byHand: found(sql`m.vulnerability = 'CVE-2025-10000'`),
    query: imagesOf('vulnerability: {id: "CVE-2025-10000"}'),
  },
  { name: 'images, id *', query: imagesOf('vulnerability: {id: "CVE-2025-100*"}') },
  { name: 'images, total', query: '{ imagesByVulnerability { pageInfo { totalCount } } }' },
  {
    name: 'images limit 10',
    query:
      '{ imagesByVulnerability { results { vulnerabilityId images(limit: 10) { digest } imagesNextToken(limit: 10) } } }',
  },
  {
    name: 'images limit 10, ID_ASC',
    query:
      '{ imagesByVulnerability(orderBy: ID_ASC, limit: 100) { results { vulnerabilityId images(limit: 10) { digest } imagesNextToken(limit: 10) } } }',
  },
  {
    name: 'images deep',
    query:
      '{ imagesByVulnerability(limit: 100) { results { vulnerabilityId links images { digest tags { tagName repositoryName } artifacts { artifactName artifactVersion severity } } } } }',
  },
  {
    name: 'artifacts',
    byHand: ARTIFACTS,
    query:
      '{ artifactsByVulnerability { results { vulnerabilityId artifactsCount artifacts { artifactName artifactVersion } } } }',
  },
  {
    name: 'artifacts, more fields',
    query:
      '{ artifactsByVulnerability { results { vulnerabilityId links artifactsCount artifacts { artifactName artifactVersion severity isKev epssScore fixedIn detectedAt imagesCount } } } }',
  },
  {
    name: 'artifacts deep',
    query:
      '{ artifactsByVulnerability(limit: 100) { results { vulnerabilityId artifacts { artifactName artifactVersion images { digest } } } } }',
  },
  {
    name: 'tags',
    byHand: TAGS,
    query:
      '{ tagsByVulnerability { results { vulnerabilityId registries { registryName repositories { repositoryName tagsCount tags { tagName imageDigest } } } } } }',
  },
  {
    name: 'tags, High',
    query:
      '{ tagsByVulnerability(filter: {vulnerability: {severity: High}}) { results { vulnerabilityId registries { registryName repositories { repositoryName tagsCount tags { tagName imageDigest } } } } } }',
  },
  {
    name: 'matches',
    byHand: MATCHES,
    query:
      '{ vulnerabilityMatches { results { vulnerabilityId digest artifactName artifactVersion severity fixedIn } } }',
  },
  {
    name: 'matches, all columns',
    query:
      '{ vulnerabilityMatches { results { vulnerabilityId links digest artifactName artifactVersion severity fixedIn isKev epssScore inheritedFromBase annotationStatus tags { tagName } } } }',
  },
  {
    name: 'matches, ID_ASC',
    query:
      '{ vulnerabilityMatches(orderBy: VULNERABILITY_ID_ASC) { results { vulnerabilityId digest artifactName artifactVersion severity fixedIn } } }',
  },
  {
    name: 'matches, repository',
    query:
      '{ vulnerabilityMatches(filter: {repository: {name: "team/app-77"}}) { results { vulnerabilityId digest artifactName artifactVersion severity fixedIn } } }',
  },
  {
    name: 'matches, total High',
    query: '{ vulnerabilityMatches(filter: {vulnerability: {severity: High}}) { pageInfo { totalCount } } }',
  },
  {
    name: 'verdicts',
    byHand: VERDICTS,
    query:
      '{ policyEvaluationsByTag { results { registryName repositories { repositoryName tags { tagName evaluations { result } } } } } }',
  },
  {
    name: 'verdicts, Fail',
    query:
      '{ policyEvaluationsByTag(filter: {policyEvaluation: {result: Fail}}) { results { registryName repositories { repositoryName tagsCount tags { tagName evaluations { result reason policyBundle { bundleId active } } } } } } }',
  },
  {
    name: 'verdicts, history',
    query:
      '{ policyEvaluationsByTag(filter: {tag: {currentOnly: false}, policyEvaluation: {latestOnly: false}, policyBundle: {active: false}}) { results { registryName repositories { repositoryName tagsCount tags { tagName evaluations { result reason } } } } } }',
  },
  {
    name: 'runtime images',
    query: '{ runtimeInventoryImagesByVulnerability { results { vulnerabilityId imagesCount images { digest } } } }',
  },
  {
    name: 'runtime images, context',
    query:
      '{ runtimeInventoryImagesByVulnerability(filter: {runtimeInventory: {context: "cluster-1/team-1"}}) { results { vulnerabilityId imagesCount images { digest } } } }',
  },
  {
    name: 'runtime unscanned',
    query: '{ runtimeInventoryUnscannedImages { results { imageTag imageDigest inventory { context } } } }',
  },
  {
    name: 'runtime verdicts',
    query: '{ policyEvaluationsByRuntimeInventoryImage { results { imageTag imageDigest evaluations { result } } } }',
  },
  {
    name: 'namespaces',
    query:
      '{ kubernetesRuntimeVulnerabilitiesByNamespace(limit: 100) { results { imageTag namespace { name } vulnerabilities { vulnerabilityId } } } }',
  },
  {
    name: 'containers',
    query:
      '{ vulnerabilitiesByKubernetesContainer(limit: 100) { results { containerId pod { name } vulnerabilities { vulnerabilityId } } } }',
  },
  {
    name: 'containers, limit 10',
    query:
      '{ vulnerabilitiesByKubernetesContainer { results { containerId pod { name } vulnerabilities(limit: 10) { vulnerabilityId } } } }',
  },
  {
    name: 'containers, High, pod',
    query:
      '{ vulnerabilitiesByKubernetesContainer(filter: {namespace: {name: "team-1"}, vulnerability: {severity: Critical}}) { results { containerId pod { name } vulnerabilities(limit: 10) { vulnerabilityId } } } }',
  },
];
