import { hash } from 'node:crypto';
import type { OperatingSystemRow, PackageEntry, PackedRecord } from '../index/format.ts';
import { indexKey, operatingSystemKey } from '../index/format.ts';
import { matchContentHash } from './content-hash.ts';
import type { BuildContext } from './context.ts';
import type { PackedPackageBlob } from './pack.ts';
import { packPackageBlob } from './pack.ts';
import type { Source } from './source.ts';
import { text } from './source.ts';

/** One row of the affected or unaffected table. */
interface Handle {
  packageId: number;
  system: number;
  vulnerability: number;
  blob: number;
  affected: boolean;
}

function* handles(rows: Iterable<unknown[]>, affected: boolean): Generator<Handle> {
  for (const [packageId, system, vulnerability, blob] of rows) {
    yield {
      packageId: Number(packageId ?? 0),
      system: Number(system ?? 0),
      vulnerability: Number(vulnerability),
      blob: Number(blob ?? 0),
      affected,
    };
  }
}

/** Merges two streams that are each in order of package. */
function* merged(a: Generator<Handle>, b: Generator<Handle>): Generator<Handle> {
  let left = a.next();
  let right = b.next();
  while (!left.done || !right.done) {
    if (right.done || (!left.done && left.value.packageId <= right.value.packageId)) {
      if (!left.done) yield left.value;
      left = a.next();
    } else {
      yield right.value;
      right = b.next();
    }
  }
}

/** Writes all package records: one entry per package name, one group of records per distinct content. */
export function writePackageRecords(context: BuildContext, systems: Map<number, OperatingSystemRow>): void {
  const { source } = context;
  const packageColumn = canonicalPackage(source);
  const select = (table: string): Iterable<unknown[]> =>
    source.hasTable(table)
      ? source.arrays(
          `SELECT ${packageColumn} AS package_id, operating_system_id, vulnerability_id, blob_id FROM ${table} ORDER BY 1`,
        )
      : [];
  const findPackage = source.lookup('SELECT ecosystem, name FROM packages WHERE id = ?');
  const stream = merged(
    handles(select('affected_package_handles'), true),
    handles(select('unaffected_package_handles'), false),
  );
  let current: Handle[] = [];
  const flush = (): void => {
    const first = current[0];
    if (!first) return;
    const found = findPackage(first.packageId);
    if (found) writePackage(context, systems, text(found.ecosystem), text(found.name), current);
    else context.anomaly('record without package', current.length);
    current = [];
  };
  for (const handle of stream) {
    if (current[0] && current[0].packageId !== handle.packageId) flush();
    current.push(handle);
    context.step();
  }
  flush();
}

/** Expression for the row of a package; several rows whose names differ in case alone count as the first of them. */
function canonicalPackage(source: Source): string {
  const rows = source.rows(
    'SELECT p.id AS id, d.first AS first FROM packages p JOIN (SELECT lower(ecosystem) AS e, lower(name) AS n, min(id) AS first FROM packages ' +
      'GROUP BY e, n HAVING count(*) > 1) d ON lower(p.ecosystem) = d.e AND lower(p.name) = d.n WHERE p.id <> d.first LIMIT 5000',
  );
  const cases = Array.from(rows, (row) => `WHEN ${Number(row.id)} THEN ${Number(row.first)}`);
  return cases.length === 0 ? 'package_id' : `CASE package_id ${cases.join(' ')} ELSE package_id END`;
}

function writePackage(
  context: BuildContext,
  systems: Map<number, OperatingSystemRow>,
  ecosystem: string,
  name: string,
  rows: readonly Handle[],
): void {
  const bySystem = new Map<number, Handle[]>();
  for (const row of rows) {
    const list = bySystem.get(row.system);
    if (list) list.push(row);
    else bySystem.set(row.system, [row]);
  }
  context.countEcosystem(ecosystem, rows.length);
  const blobs = new Map<number, PackedPackageBlob>();
  const written = new Map<string, [group: string, hash: string]>();
  const entries: PackageEntry[] = [];
  for (const [systemId, list] of bySystem) {
    const system = systems.get(systemId);
    if (systemId !== 0 && !system) {
      context.anomaly('record without operating system', list.length);
      continue;
    }
    if (system) system.records += list.length;
    // Releases of one distribution often share all their records: these are packed and written once.
    list.sort(
      (a, b) => a.vulnerability - b.vulnerability || a.blob - b.blob || Number(a.affected) - Number(b.affected),
    );
    const signature = hash(
      'sha1',
      list.map((row) => `${row.vulnerability} ${row.blob} ${row.affected ? 1 : 0}`).join('\n'),
    );
    let group = written.get(signature);
    if (!group) {
      group = context.putGroup(packRecords(context, list, blobs));
      written.set(signature, group);
    }
    entries.push([system ? operatingSystemKey(system) : '', ...group]);
  }
  context.put(indexKey('p', ecosystem.toLowerCase(), name.toLowerCase()), entries);
}

function packRecords(
  context: BuildContext,
  rows: readonly Handle[],
  blobs: Map<number, PackedPackageBlob>,
): PackedRecord[] {
  const records: PackedRecord[] = [];
  for (const row of rows) {
    const vulnerability = context.vulnerability(row.vulnerability);
    if (!vulnerability) {
      context.anomaly('record without vulnerability', 1);
      continue;
    }
    let blob = blobs.get(row.blob);
    if (!blob) {
      const json = context.source.blob(row.blob);
      if (!json) context.anomaly('record without readable blob', 1);
      blob = packPackageBlob(json);
      for (const [type, constraint] of blob.ranges) context.checkRange(type, constraint);
      blobs.set(row.blob, blob);
    }
    records.push(packRecord(vulnerability, blob, row.affected));
  }
  return records;
}

/** A record as it is stored, without its CPE. */
export function packRecord(
  vulnerability: { id: string; provider: string; status: string; aliases: string[] },
  blob: PackedPackageBlob,
  affected: boolean,
): PackedRecord {
  const { id, provider, status } = vulnerability;
  const aliases = [...new Set([...vulnerability.aliases, ...blob.cves])].filter((alias) => alias !== id);
  const record: PackedRecord = [id, provider, status, aliases, affected, blob.ranges];
  if (blob.qualifiers) record.push(blob.qualifiers);
  return record;
}

/** Group id (content address) and match content hash of a list of records. */
export function groupOf(records: readonly PackedRecord[]): { id: string; contentHash: string } {
  return {
    id: hash('sha1', JSON.stringify(records), 'base64url').slice(0, 20),
    contentHash: matchContentHash(records),
  };
}
