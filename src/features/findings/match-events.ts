import { applyOwnership } from '#engine/vulnerabilities/index.ts';
import type { Match, MatchSettings, VulnerabilityIndex } from '#engine/vulnerabilities/types.ts';
import { appendEvents, type NewEvent } from '#features/events/index.ts';
import { subscriptionId } from '#features/subscriptions/index.ts';
import type { Db } from '#platform/database/types.ts';
import { present } from '#shared/present.ts';
import {
  type ChangedPlace,
  changedPackages,
  changesOf,
  ownersOf,
  type PackageChange,
  placesOf,
  type WatchedTag,
  watchedTags,
} from './match-fan-out-store.ts';
import type { CompletedRun } from './match-run.ts';

/** Analyses whose changes are held at once. */
const ANALYSES = 500;

/** Entries of one kind in one event; how many more there were is told beside them. */
const ENTRIES = 1_000;

/** What changed in an image. Entries are the same when id, namespace, package, version and path are. */
export interface VulnerabilityDiff {
  added: Record<string, unknown>[];
  updated: Record<string, unknown>[];
  removed: Record<string, unknown>[];
}

export interface EventContext {
  run: CompletedRun;
  to: VulnerabilityIndex;
  settings: MatchSettings;
}

/** Tells the watchers of tags what a run changed, in the transaction that makes its results those that hold. */
export async function announceRun(tx: Db, context: EventContext): Promise<void> {
  await appendEvents(tx, await vulnerabilityEvents(tx, context));
}

/** One event for each watched tag whose image a run changed something of. */
async function vulnerabilityEvents(tx: Db, context: EventContext): Promise<NewEvent[]> {
  const tags = await watchedTags(tx, context.run.id);
  const byImage = new Map<string, WatchedTag[]>();
  for (const tag of tags) {
    const key = imageKey(tag);
    byImage.set(key, [...(byImage.get(key) ?? []), tag]);
  }
  const analyses = [...new Set(tags.map((tag) => tag.analysis_id))];
  const packages = analyses.length > 0 ? await changedPackages(tx, context.run.id) : [];
  const events: NewEvent[] = [];
  for (let start = 0; start < analyses.length; start += ANALYSES) {
    const diffs = await diffsOf(tx, context, analyses.slice(start, start + ANALYSES), packages);
    for (const [key, diff] of diffs) {
      for (const tag of byImage.get(key) ?? []) events.push(eventOf(tag, diff, context));
    }
  }
  return events;
}

/** Corrections of an account may give the same analysis other packages. */
function imageKey({ account, analysis_id }: { account: string; analysis_id: number }): string {
  return `${analysis_id} ${account}`;
}

function eventOf(tag: WatchedTag, diff: VulnerabilityDiff, { run, to }: EventContext): NewEvent {
  const count = (kind: keyof VulnerabilityDiff): number => diff[kind].length;
  const more = Object.fromEntries(
    (['added', 'updated', 'removed'] as const).flatMap((kind) =>
      count(kind) > ENTRIES ? [[kind, count(kind) - ENTRIES]] : [],
    ),
  );
  return {
    name: 'tag_vulnerabilities_update',
    account: tag.account,
    resource_id: tag.full_tag,
    message: `Vulnerabilities of ${tag.full_tag} changed: ${count('added')} added, ${count('updated')} updated, ${count('removed')} removed`,
    details: {
      account_name: tag.account,
      subscription_key: tag.full_tag,
      subscription_type: 'vuln_update',
      subscription_id: subscriptionId(tag.account, tag.full_tag, 'vuln_update'),
      image_digest: tag.digest,
      diff_vulnerability_result: {
        added: diff.added.slice(0, ENTRIES),
        updated: diff.updated.slice(0, ENTRIES),
        removed: diff.removed.slice(0, ENTRIES),
      },
      ...(Object.keys(more).length > 0 ? { left_out: more } : {}),
      annotations: tag.annotations,
      cause: {
        kind: run.from_checksum === to.checksum ? 'settings' : 'vulnerability_data',
        ...(run.from_checksum ? { from_build: run.from_checksum } : {}),
        to_build: to.checksum,
      },
    },
  };
}

/** The differences of the images of analyses, by {@link imageKey}; those without any are left out. */
async function diffsOf(
  tx: Db,
  context: EventContext,
  analyses: number[],
  packages: number[],
): Promise<Map<string, VulnerabilityDiff>> {
  const places = await placesOf(tx, analyses, packages);
  const changes = new Map<number, PackageChange[]>();
  for (const change of await changesOf(tx, context.run.id, [...new Set(places.map((place) => place.package_id))])) {
    const known = changes.get(change.package_id);
    if (known) known.push(change);
    else changes.set(change.package_id, [change]);
  }
  const owners = await ownersOf(tx, places);
  const shown = ownershipOverlay(context, owners);
  const diffs = new Map<string, VulnerabilityDiff>();
  for (const place of places) {
    for (const change of changes.get(place.package_id) ?? []) {
      const before = change.before && shown('before', place, change.before) ? change.before : undefined;
      const now = change.now && shown('now', place, change.now) ? change.now : undefined;
      if (!before && !now) continue;
      const diff = diffs.get(imageKey(place)) ?? { added: [], updated: [], removed: [] };
      diffs.set(imageKey(place), diff);
      const kind = before && now ? 'updated' : now ? 'added' : 'removed';
      diff[kind].push(entryOf(place, change, before, now));
    }
  }
  return diffs;
}

type Owners = Awaited<ReturnType<typeof ownersOf>>;

/** Tells whether a match in a package that an OS package owns is shown, or answered for by the distribution. */
function ownershipOverlay({ run, to, settings }: EventContext, owners: Owners) {
  const remembered = new Map<string, Set<string>>();
  const ruledOut = (state: 'before' | 'now', key: string): Set<string> => {
    const memo = `${state} ${key}`;
    let found = remembered.get(memo);
    if (!found) {
      const index = state === 'now' ? to : (run.former ?? to);
      const owner = owners.get(key);
      found = owner ? index.ruledOut(owner.matchable, settings) : new Set();
      remembered.set(memo, found);
    }
    return found;
  };
  return (state: 'before' | 'now', place: ChangedPlace, match: Match): boolean => {
    const key = `${place.analysis_id} ${place.owned_by ?? ''}`;
    const owner = place.owned_by === null ? undefined : owners.get(key);
    if (!owner) return true;
    const { matches } = applyOwnership({
      packages: [
        { id: 'owner', type: owner.type, name: owner.name, version: owner.version },
        { id: 'owned', type: place.type, name: place.name, version: place.version, ownedBy: 'owner' },
      ] as Parameters<typeof applyOwnership>[0]['packages'],
      relationships: [],
      matches: new Map([['owned', [match]]]),
      ruledOut: () => ruledOut(state, key),
    });
    return (matches.get('owned') ?? []).length > 0;
  };
}

function entryOf(
  place: ChangedPlace,
  change: PackageChange,
  before: Match | undefined,
  now: Match | undefined,
): Record<string, unknown> {
  const match = (now ?? before) as Match;
  const amended = before !== undefined && now !== undefined;
  return present({
    vuln: change.vulnerability,
    feed: 'vulnerabilities',
    feed_group: change.namespace,
    package: `${place.name}-${place.version}`,
    package_name: place.name,
    package_version: place.version,
    package_type: place.type,
    package_path: place.path,
    severity: change.severity ?? 'Unknown',
    fix: fixText(match),
    will_not_fix: match.fix.state === 'wont-fix',
    is_kev: change.kev,
    url: change.link ?? undefined,
    previous: amended
      ? present({
          severity: change.severity_before ?? undefined,
          is_kev: change.kev_before ?? undefined,
          fix: fixText(before) === fixText(now) ? undefined : fixText(before),
          will_not_fix: before.fix.state === now.fix.state ? undefined : before.fix.state === 'wont-fix',
        })
      : undefined,
    reason: present({
      record: match.vulnerability,
      provider: match.provider,
      range: now?.constraint,
      previous_range: before?.constraint,
    }),
  });
}

/** Unknown texts are the literal "None": clients compare with it. */
function fixText(match: Match): string {
  return match.fix.versions.join(', ') || 'None';
}
