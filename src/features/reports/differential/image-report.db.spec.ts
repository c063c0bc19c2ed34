import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_MATCH_SETTINGS } from '#engine/vulnerabilities/index.ts';
import { createFindingService, type FindingService } from '#features/findings/index.ts';
import { ancestorsOf, type ImageRow } from '#features/images/index.ts';
import { judgementsOf } from '#features/vex/index.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Database } from '#platform/database/types.ts';
import { ask, type Bench, storedFleet } from './ask.ts';
import type { Fleet, ImageFact } from './facts.ts';
import { indexOf } from './fleet.ts';
import { LISTS } from './lists.ts';
import type { Row } from './vulnerability-oracle.ts';

const SEED = Number(process.env.WINDLASS_TEST_REPORT_SEED ?? 1) + 7_000;
const LONG = process.env.WINDLASS_TEST_REPORT_CASES !== undefined;
const FLEETS = LONG ? 10 : 1;

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

/** What the service of findings needs to know of images. */
function findingsOf(fleet: Fleet): FindingService {
  const find = (account: string, digest: string) =>
    fleet.images.find((image) => image.account === account && image.digest === digest)!;
  const rowOf = async (account: string, digest: string) => {
    const image = find(account, digest);
    const tags = fleet.tags.filter((tag) => tag.account === account && tag.digest === digest);
    return {
      ...image,
      analyzed_at: image.analyzed_at ? new Date(image.analyzed_at) : null,
      tags,
    } as unknown as ImageRow;
  };
  return createFindingService({
    ...{ database, settings: DEFAULT_MATCH_SETTINGS, matcherVersion: 1, currentIndex: () => indexOf(fleet) },
    objects: undefined as never,
    images: {
      get: rowOf as never,
      getAnalyzed: rowOf as never,
      ancestors: async (account, digest) => {
        const { layer_digests } = fleet.analyses.find(({ id }) => id === find(account, digest).analysis_id)!;
        return ancestorsOf(database.db, account, digest, layer_digests);
      },
    },
    annotationsOf: (account, image, rows) => judgementsOf(database.db, account, image, rows),
  });
}

/** A row as both reports tell it. */
async function fromReports(bench: Bench, { account, digest }: ImageFact): Promise<Row[]> {
  const list = LISTS.find(({ name }) => name === 'vulnerabilityMatches')!;
  const { rows } = await ask(bench, {
    list,
    scope: { account },
    filter: { image: { digest }, tag: { currentOnly: false } },
  });
  return rows.map((row) => ({
    ...{ vuln: row.vulnerabilityId, severity: row.severity, feed: row.feedNamespace, fix: row.fixedIn ?? 'None' },
    ...{
      name: row.artifactName,
      version: row.artifactVersion,
      type: row.artifactType,
      path: row.artifactPath,
      purl: row.purl,
    },
    ...{ willNotFix: row.willNotFix, isKev: row.isKev, detectedAt: `${row.detectedAt}Z`, status: row.annotationStatus },
    ...{ inherited: row.inheritedFromBase, epss: row.epssScore, percentile: row.epssPercentile },
  }));
}

async function fromImage(findings: FindingService, { account, digest }: ImageFact): Promise<Row[]> {
  const report = await findings.report(account, digest, {
    type: 'all',
    vendorOnly: false,
    description: false,
    baseDigest: 'auto',
  });
  return (report.vulnerabilities as unknown as Record<string, never>[]).map((row) => ({
    ...{ vuln: row.vuln, severity: row.severity, feed: row.feed_group, fix: row.fix },
    ...{
      name: row.package_name,
      version: row.package_version,
      type: row.package_type,
      path: row.package_path,
      purl: row.purl ?? null,
    },
    ...{
      willNotFix: row.will_not_fix,
      isKev: row.is_kev,
      detectedAt: row.detected_at,
      status: row.annotation_status ?? null,
    },
    ...{
      inherited: row.inherited_from_base ?? false,
      epss: first(row.epss)?.epss ?? null,
      percentile: first(row.epss)?.percentile ?? null,
    },
  }));
}

const PLACE = ['vuln', 'name', 'version', 'severity', 'feed'] as const;

/** Which images have a vulnerability, as the reports of all images tell it and as it is asked for. */
async function compareQuery(findings: FindingService, fleet: Fleet, account: string): Promise<void> {
  const expected = new Set<string>();
  for (const image of fleet.images)
    if (image.account === account && image.image_status === 'active' && image.analysis_id !== null)
      for (const row of await fromImage(findings, image))
        expected.add([image.digest, ...PLACE.map((name) => row[name])].join(' '));
  const found = new Set<string>();
  for (const vulnerability of new Set(fleet.vulnerabilities.map(({ id }) => id))) {
    const images = await findings.imagesWith(
      account,
      { vulnerability, vendorOnly: false },
      { limit: undefined, offset: 0 },
    );
    for (const { digest, packages } of images)
      for (const { name, version, severity, namespace } of packages)
        found.add([digest, vulnerability, name, version, severity, namespace].join(' '));
  }
  expect([...found].sort(), account).toEqual([...expected].sort());
}

const first = (list: { epss: number; percentile: number }[] | undefined) => list?.[0];
const ordered = (rows: Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

it('the report of an image and the reports over images tell the same', {
  timeout: LONG ? 36_000_000 : 60_000,
}, async () => {
  let rows = 0;
  for (let seed = SEED; seed < SEED + FLEETS; seed++) {
    const { fleet, bench } = await storedFleet(database, seed);
    const findings = findingsOf(fleet);
    for (const image of fleet.images.filter((one) => one.image_status === 'active' && one.analysis_id !== null)) {
      const expected = ordered(await fromImage(findings, image));
      expect(ordered(await fromReports(bench, image)), `${seed} ${image.account} ${image.digest}`).toEqual(expected);
      rows += expected.length;
    }
    for (const account of fleet.accounts) await compareQuery(findings, fleet, account);
  }
  expect(rows).toBeGreaterThan(50);
});
