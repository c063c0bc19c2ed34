import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { ReportContext } from '../execution/context.ts';
import { type RecordFacts, recordFacts } from '../queries/facts-store.ts';
import type { FindingPage, FindingRow } from '../queries/finding-rows-store.ts';
import { inheritedFindings } from '../queries/inherited-store.ts';
import { judgedFindings } from '../queries/judged.ts';
import type { Resolvers } from './resolvers.ts';

/** A package with a vulnerability, as the schema shows it; `finding` is the row behind it. */
export interface FindingView {
  artifactName: string;
  artifactVersion: string;
  artifactType: string;
  severity: string;
  artifactPath: string | null;
  purl: string | null;
  feedNamespace: string;
  detectedAt: Date;
  closedAt: Date | null;
  fixAvailable: boolean | null;
  fixedIn: string | null;
  willNotFix: boolean | null;
  vulnerability: string;
  finding: FindingRow;
  page: FindingPage;
}

/** A finding as the schema shows it. */
export function findingView(row: FindingRow, page: FindingPage): FindingView {
  return {
    artifactName: row.name,
    artifactVersion: row.version,
    artifactType: apiPackageType(row.type),
    severity: row.severity,
    artifactPath: packagePath(row, row.path),
    purl: row.purl,
    feedNamespace: row.namespace,
    detectedAt: row.detected_at,
    closedAt: row.closed_at,
    fixAvailable: row.fix_state === 'fixed',
    fixedIn: row.fix_versions.length > 0 ? row.fix_versions.join(', ') : null,
    willNotFix: row.fix_state === 'wont-fix',
    vulnerability: row.vulnerability,
    finding: row,
    page,
  };
}

/** The record behind a view. */
type OfRecord = { vulnerability: string; feedNamespace: string };

function facts(parent: OfRecord, context: ReportContext): Promise<RecordFacts | undefined> {
  return context.batches.load('facts', parent, async (keys) => {
    const known = await recordFacts(
      context,
      keys.map(({ vulnerability, feedNamespace }) => ({ vulnerability, namespace: feedNamespace })),
    );
    return new Map(
      keys.flatMap((key) => {
        const found = known.get(`${key.vulnerability}\n${key.feedNamespace}`);
        return found ? [[key, found] as const] : [];
      }),
    );
  });
}

/** Fields of records. */
export const RECORD_FIELDS: Resolvers[string] = {
  isKev: async (parent, _args, context) => (await facts(parent, context))?.kev ?? null,
  epssScore: async (parent, _args, context) => (await facts(parent, context))?.epss?.score ?? null,
  epssPercentile: async (parent, _args, context) => (await facts(parent, context))?.epss?.percentile ?? null,
  cvssScore: async (parent, _args, context) => (await facts(parent, context))?.cvssScore ?? null,
};

/** Identity of a finding. */
export function findingId(row: Pick<FindingRow, 'account' | 'digest' | 'document_id' | 'vulnerability' | 'namespace'>) {
  return [row.account, row.digest, row.document_id, row.vulnerability, row.namespace].join('\n');
}

/** Whether the base image has the finding too. */
export function inheritance(row: FindingRow, context: ReportContext): Promise<boolean | undefined> {
  return context.batches.load('inherited', row, async (keys) => {
    const inherited = await inheritedFindings(context, keys);
    return new Map(keys.map((key) => [key, inherited.has(findingId(key))]));
  });
}

/** What was judged about the finding. */
export function judgement(row: FindingRow, page: FindingPage, context: ReportContext): Promise<string | undefined> {
  return context.batches.load('judged', row, async (keys) => {
    const within = {
      ids: [...new Set(keys.map(({ vulnerability }) => vulnerability))],
      digests: [...new Set(keys.map(({ digest }) => digest))],
    };
    // What the filters of this page leave out does not matter: identities tell findings apart.
    const selection = { ...page.selection, filter: { vulnerability: { currentOnly: false } } };
    const judged = new Map((await judgedFindings(selection, within)).map((one) => [findingId(one), one.status]));
    return new Map(
      keys.flatMap((key) => {
        const status = judged.get(findingId(key));
        return status === undefined ? [] : [[key, status] as const];
      }),
    );
  });
}

/** Fields of a finding that are looked up when they are asked for. */
export const FINDING_FIELDS: Resolvers[string] = {
  ...RECORD_FIELDS,
  inheritedFromBase: async (parent: FindingView, _args, context) =>
    (await inheritance(parent.finding, context)) ?? null,
  annotationStatus: async (parent: FindingView, _args, context) =>
    (await judgement(parent.finding, parent.page, context)) ?? null,
};
