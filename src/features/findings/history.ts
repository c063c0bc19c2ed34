import type {
  FeedChanges,
  ImageVulnerabilityChanges,
  ImageVulnerabilityHistory,
  UsedBuild,
} from '#contract/windlass-explanations.ts';
import type { MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { apiPackageType, packagePath } from '#features/images/index.ts';
import type { Database } from '#platform/database/types.ts';
import { badRequest, notFound } from '#shared/errors.ts';
import { present } from '#shared/present.ts';
import { changeView, compareMatches, type MatchChange, reasonsGone } from './changes.ts';
import { packagesOf } from './finding-store.ts';
import {
  type BuildPeriod,
  buildAt,
  buildBefore,
  buildDates,
  type ChangeTotals,
  changedVulnerabilities,
  changeTotals,
  closingKey,
  lastClosings,
  matchablesOf,
  matchesAt,
  type PastMatch,
  packagesUnknownAt,
} from './history-store.ts';
import { buildOf, type Moment, momentOf, readMoment } from './moment.ts';
import { splitByOwnership } from './ownership.ts';

export interface FindingHistoryDependencies {
  database: Database;
  /** Account, digest → id of the analysis and when it was made; 404 otherwise. */
  analysisOf(account: string, digest: string): Promise<{ id: number; analyzedAt: Date | undefined }>;
  currentIndex(): VulnerabilityIndex | undefined;
  settings: MatchSettings;
  now?(): Date;
}

/** Findings of the past, and what changed. */
export type FindingHistory = ReturnType<typeof createFindingHistory>;

/** Matches that went are explained from the current data; more than these are told by their build alone. */
const EXPLAINED = 200;

/** Answers from matches that were opened and closed: nothing is kept apart for it. */
export function createFindingHistory(deps: FindingHistoryDependencies) {
  const { db } = deps.database;
  const now = deps.now ?? (() => new Date());

  /** Matches open at a time, without those that an OS package answers for. */
  async function openAt(account: string, analysisId: number, at: Date): Promise<PastMatch[]> {
    const context = { index: deps.currentIndex(), settings: deps.settings };
    return splitByOwnership(
      await matchesAt(db, account, analysisId, at),
      await packagesOf(db, account, analysisId),
      context,
    ).findings;
  }

  /** A match may have been closed and opened again before it went for good: the last closing counts. */
  async function datedClosings(changes: MatchChange[], from: Date, to: Date): Promise<MatchChange[]> {
    const gone = changes.flatMap(({ change, before }) => (change === 'removed' && before ? [before.package_id] : []));
    const closings = await lastClosings(db, [...new Set(gone)], from, to);
    return changes.map((change) => {
      const { before } = change;
      const closing =
        change.change === 'removed' && before
          ? closings.get(closingKey(before.package_id, before.match.vulnerability, before.match.namespace))
          : undefined;
      return closing ? { ...change, ...closing } : change;
    });
  }

  async function notesOf(analysis: { id: number; analyzedAt: Date | undefined }, moment: Moment): Promise<string[]> {
    const { unknown, all } = await packagesUnknownAt(db, analysis.id, moment.at);
    const notes: string[] = [];
    if (!moment.build) notes.push(`no vulnerability data was in use at ${moment.at.toISOString()}: nothing was known`);
    if (analysis.analyzedAt && analysis.analyzedAt > moment.at)
      notes.push(`the image was analysed later, at ${analysis.analyzedAt.toISOString()}`);
    if (unknown > 0)
      notes.push(`${unknown} of ${all} packages had not been seen in any image by then: nothing was known of them`);
    return notes;
  }

  return {
    /** What was known of an image at a time. Severities are those of today. */
    async at(
      account: string,
      digest: string,
      query: { at: string; page: number; limit: number },
    ): Promise<ImageVulnerabilityHistory> {
      const analysis = await deps.analysisOf(account, digest);
      const moment = await readMoment(db, 'at', query.at, now());
      const rows = await openAt(account, analysis.id, moment.at);
      const first = (query.page - 1) * query.limit;
      return {
        image_digest: digest,
        at: moment.at.toISOString(),
        ...(moment.build ? { build: usedBuild(moment.build) } : {}),
        notes: await notesOf(analysis, moment),
        total_rows: rows.length,
        vulnerabilities: rows.slice(first, first + query.limit).map(pastFinding),
      };
    },

    /** What changed for an image between two moments, with the reason of each change. */
    async changes(
      account: string,
      digest: string,
      query: { from: string; to?: string | undefined; limit: number },
    ): Promise<ImageVulnerabilityChanges> {
      const analysis = await deps.analysisOf(account, digest);
      const time = now();
      const from = await readMoment(db, 'from', query.from, time);
      const to =
        query.to === undefined
          ? { at: time, build: await buildAt(db, time) }
          : await readMoment(db, 'to', query.to, time);
      if (from.at > to.at) throw badRequest('from is after to');
      const changes = compareMatches(
        await openAt(account, analysis.id, from.at),
        await openAt(account, analysis.id, to.at),
      );
      const shown = await datedClosings(changes.slice(0, query.limit), from.at, to.at);
      const dates = await buildDates(db, [...new Set(shown.map(({ build }) => build))]);
      const index = deps.currentIndex();
      const gone = shown.flatMap(({ change, before }) => (change === 'removed' && before ? [before] : []));
      const reasons =
        index && to.build?.checksum === index.checksum
          ? reasonsGone(
              gone.slice(0, EXPLAINED),
              await matchablesOf(db, [...new Set(gone.slice(0, EXPLAINED).map((row) => row.package_id))]),
              index,
              deps.settings,
            )
          : new Map<number, string>();
      const count = (kind: string) => changes.filter(({ change }) => change === kind).length;
      const notes = await notesOf(analysis, from);
      return {
        image_digest: digest,
        from: from.at.toISOString(),
        to: to.at.toISOString(),
        ...(from.build ? { from_build: usedBuild(from.build) } : {}),
        ...(to.build ? { to_build: usedBuild(to.build) } : {}),
        added: count('added'),
        removed: count('removed'),
        changed: count('changed'),
        notes: changes.length > shown.length ? [...notes, `${changes.length - shown.length} more changes`] : notes,
        changes: shown.map((change) => changeView(change, dates, reasons)),
      };
    },

    /** What changed for all images of an account between two builds. Default: the last change of build. */
    async feedChanges(
      account: string,
      query: { from?: string | undefined; to?: string | undefined; page: number; limit: number },
    ): Promise<FeedChanges> {
      const time = now();
      const to = query.to === undefined ? await buildAt(db, time) : await buildOf(db, query.to);
      if (!to) throw notFound('no build of the vulnerability data was in use yet');
      const from = query.from === undefined ? await buildBefore(db, to) : await buildOf(db, query.from);
      if (!from) throw notFound('no build was in use before this one');
      const [start, end] = [momentOf(from, time).at, momentOf(to, time).at];
      if (start > end) throw badRequest('from was in use after to');
      const totals = await changeTotals(db, account, start, end);
      const items = await changedVulnerabilities(db, account, start, end, {
        limit: query.limit,
        offset: (query.page - 1) * query.limit,
      });
      return {
        from: usedBuild(from),
        to: usedBuild(to),
        added: totalsOf(totals, 'added'),
        removed: totalsOf(totals, 'removed'),
        changed: totalsOf(totals, 'changed'),
        total_rows: items[0]?.total ?? 0,
        items: items.map(({ total: _, ...item }) => item),
      };
    },
  };
}

function totalsOf(totals: ChangeTotals[], kind: ChangeTotals['change']): Omit<ChangeTotals, 'change'> {
  const { change: _, ...counts } = totals.find(({ change }) => change === kind) ?? {
    change: kind,
    findings: 0,
    vulnerabilities: 0,
    packages: 0,
    images: 0,
    tags: 0,
  };
  return counts;
}

/** A build in the words of the API. */
export function usedBuild({ checksum, built_at, switched_at, replaced_at }: BuildPeriod): UsedBuild {
  return {
    checksum,
    built_at: built_at.toISOString(),
    switched_at: switched_at.toISOString(),
    ...(replaced_at ? { replaced_at: replaced_at.toISOString() } : {}),
  };
}

function pastFinding(row: PastMatch): ImageVulnerabilityHistory['vulnerabilities'][number] {
  const { match } = row;
  return {
    vulnerability: match.vulnerability,
    namespace: match.namespace,
    severity: row.severity,
    package_name: row.name,
    package_version: row.version,
    package_type: apiPackageType(row.type),
    package_path: packagePath(row, row.path),
    fix_state: match.fix.state,
    fix_versions: match.fix.versions,
    constraint: match.constraint,
    first_seen_at: row.first_seen_at.toISOString(),
    opened_at: row.opened_at.toISOString(),
    opened_by_build: row.opened_by_build,
    ...present({ closed_at: row.closed_at?.toISOString(), closed_by_build: row.closed_by_build }),
  };
}
