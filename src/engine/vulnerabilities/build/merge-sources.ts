import type { IndexMeta, OperatingSystemRow, PackageEntry, PackedDetail } from '../index/format.ts';
import { indexKey, operatingSystemKey } from '../index/format.ts';
import { recordNamespace } from '../namespace.ts';
import { ROLLING } from '../sources/system-names.ts';
import type { SystemName } from '../sources/types.ts';
import { detailContentHash } from './content-hash.ts';
import type { MergeContext } from './merge-context.ts';
import { mergeRecords } from './merge-records.ts';
import type { StagedPackage, StagedRecord } from './staging.ts';

/** Rows of operating systems in which records of a release are kept: its own, and its minor releases' where it has such. */
export function targetSystems(meta: IndexMeta, system: SystemName): OperatingSystemRow[] {
  const rows = meta.operatingSystems.filter(
    (row) =>
      (row.name.toLowerCase() === system.name ||
        (row.releaseId !== '' && row.releaseId.toLowerCase() === system.releaseId)) &&
      row.channel.toLowerCase() === system.channel,
  );
  const fitting = ROLLING.has(system.name)
    ? rows
    : rows.filter(
        (row) =>
          row.major === system.major &&
          (system.minor === '' || row.minor === system.minor) &&
          (system.label === '' || [row.label.toLowerCase(), row.codename.toLowerCase()].includes(system.label)),
      );
  if (fitting.some((row) => ROLLING.has(system.name) || row.minor === system.minor)) return fitting;
  const added: OperatingSystemRow = { ...system, codename: '', records: 0 };
  meta.operatingSystems.push(added);
  return [...fitting, added];
}

/** Merges the staged records into the packages and CPEs of the index. */
export function mergePackages(context: MergeContext): void {
  for (const staged of context.staging.packages()) {
    if (staged.ecosystem === '') mergeCpe(context, staged);
    else mergePackage(context, staged);
    context.step([...staged.bySystem.values()].reduce((sum, list) => sum + list.length, 0));
  }
}

function mergeCpe(context: MergeContext, staged: StagedPackage): void {
  const key = indexKey('c', ...(staged.name.split('\u0001') as [string, string]));
  const entry = context.get(key) as [string, string] | undefined;
  const added = [...staged.bySystem.values()].flat();
  const merged = mergeRecords(context.group(entry?.[0]), added, context.duplicate);
  context.countEcosystem('cpe', merged.length - context.group(entry?.[0]).length);
  context.checkRanges(added);
  context.put(key, context.putGroup(merged));
}

function mergePackage(context: MergeContext, staged: StagedPackage): void {
  const key = indexKey('p', staged.ecosystem, staged.name);
  const entries = new Map(
    ((context.get(key) as PackageEntry[] | undefined) ?? []).map(([system, group, hash]) => [
      system,
      [group, hash] as [string, string],
    ]),
  );
  for (const [system, added] of staged.bySystem) {
    context.checkRanges(added);
    const name = system === '' ? undefined : context.systems.get(system);
    const targets = name ? context.targets(system, name) : [undefined];
    // Releases that share their records share what is merged.
    const merged = new Map<string, [string, string]>();
    targets.forEach((row, at) => {
      const target = row ? operatingSystemKey(row) : '';
      const former = entries.get(target)?.[0];
      let group = merged.get(former ?? '');
      if (!group) {
        const base = context.group(former);
        const records = mergeRecords(base, added, at === 0 ? context.duplicate : () => undefined);
        group = context.putGroup(records);
        merged.set(former ?? '', group);
        if (row) row.records += records.length - base.length;
        if (at === 0) context.countEcosystem(staged.ecosystem, records.length - base.length);
      } else if (row) row.records += added.length;
      entries.set(target, group);
    });
    noteNames(context, staged, added, targets);
  }
  context.put(
    key,
    [...entries].map(([system, [group, hash]]): PackageEntry => [system, group, hash]),
  );
}

/** Notes which packages a vulnerability names, for its page. */
function noteNames(
  context: MergeContext,
  staged: StagedPackage,
  added: readonly StagedRecord[],
  targets: readonly (OperatingSystemRow | undefined)[],
): void {
  for (const { record } of added) {
    if (!record[4]) continue;
    for (const row of targets)
      context.noteName(record[1], record[0], recordNamespace(record[1], staged.ecosystem, staged.name, row), [
        staged.ecosystem,
        staged.name,
      ]);
  }
}

type Stored = [name: string, ...PackedDetail];

/** Writes facts of vulnerabilities that the index does not have yet, and their names. Returns their number by provider. */
export function mergeDetails(context: MergeContext): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { provider, id, detail, cwes } of context.staging.details()) {
    const lower = id.toLowerCase();
    const key = indexKey('v', provider, lower);
    if (context.get(key) !== undefined) continue;
    counts.set(provider, (counts.get(provider) ?? 0) + 1);
    const names = [lower, ...detail[6].map((alias) => alias.toLowerCase())];
    if (detail[7].length === 0) detail[7] = severitiesOf(context, names);
    detail[8] = detailContentHash(detail);
    context.put(key, [id, ...detail]);
    const providers = (context.get(indexKey('n', lower)) as string[] | undefined) ?? [];
    context.addTo(indexKey('n', lower), providers, provider);
    for (const cve of cwes.length === 0 ? [] : names.filter((name) => name.startsWith('cve-')))
      if (context.get(indexKey('w', cve)) === undefined) context.put(indexKey('w', cve), cwes);
  }
  context.flushLists();
  for (const { alias, names } of context.staging.aliases()) {
    const known = (context.get(indexKey('a', alias)) as string[] | undefined) ?? [];
    context.put(indexKey('a', alias), [...new Set([...known, ...names])]);
  }
  return counts;
}

/** What NVD says of the flaw, for advisories that do not tell how bad it is. */
function severitiesOf(context: MergeContext, names: readonly string[]): PackedDetail[7] {
  for (const name of names) {
    const stored = name.startsWith('cve-')
      ? (context.get(indexKey('v', 'nvd', name)) as Stored | undefined)
      : undefined;
    if (stored && stored[8].length > 0) return stored[8];
  }
  return [];
}
